using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Collection;

/// <summary>
/// Removes files that nothing has needed for some days, and gives their room back. In two steps, each of which may be interrupted anywhere: first the rows go, in one
/// transaction that no publish runs beside; then the blobs, each under the lock that bringing the same file takes too, and only if it was not brought again.
/// </summary>
internal sealed class FileCollector(NpgsqlDataSource db, IBlobStore blobs, IOptions<CollectionOptions> options, TimeProvider clock)
{
    private const long Gate = 0x50_52_46_43; // of advisory locks: shared by publishes, alone for the collector

    private const string HoldOffSql = "SELECT pg_advisory_xact_lock_shared($1)";

    private const string EnterSql = "SELECT pg_advisory_xact_lock($1)";

    // What is needed after all is not looked at again before something that needs it goes. The rest is charged back to whoever brought it.
    private const string CollectSql = """
        WITH old AS (
            SELECT sha256 FROM files WHERE idle_since < $1 ORDER BY idle_since LIMIT $2 FOR UPDATE SKIP LOCKED),
        judged AS (
            SELECT o.sha256, EXISTS (SELECT FROM version_files v WHERE v.sha256 = o.sha256) OR EXISTS (SELECT FROM framework_files w WHERE w.sha256 = o.sha256)
                   OR EXISTS (SELECT FROM solder_mod_versions m WHERE m.sha256 = o.sha256) OR EXISTS (SELECT FROM solder_pack_art a WHERE a.sha256 = o.sha256) AS is_needed
              FROM old o),
        kept AS (
            UPDATE files f SET idle_since = NULL FROM judged j WHERE j.sha256 = f.sha256 AND j.is_needed RETURNING 1),
        gone AS (
            DELETE FROM files f USING judged j WHERE j.sha256 = f.sha256 AND NOT j.is_needed RETURNING f.sha256, f.size_bytes, f.uploader_id),
        back AS (
            UPDATE account_storage a SET stored_bytes = GREATEST(0, a.stored_bytes - g.bytes)
              FROM (SELECT uploader_id, sum(size_bytes)::bigint AS bytes FROM gone GROUP BY uploader_id) g WHERE a.account_id = g.uploader_id),
        noted AS (
            INSERT INTO removed_files (sha256, removed_at) SELECT sha256, $3 FROM gone ON CONFLICT DO NOTHING),
        counted AS (
            UPDATE file_collection SET generation = generation + 1 WHERE EXISTS (SELECT FROM gone))
        SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM gone)
        """;

    private const string RemovedSql = "SELECT sha256 FROM removed_files ORDER BY removed_at LIMIT $1";

    // Somebody may have brought a bundle as a file, or two of these may be the same bytes: under its hash it is needed still.
    private const string ClaimSql = """
        DELETE FROM removed_files WHERE sha256 = $1
        RETURNING EXISTS (SELECT FROM files f WHERE f.sha256 = $1) OR EXISTS (SELECT FROM bundles b WHERE b.sha256 = encode($1, 'hex') AND b.built_at IS NOT NULL)
                  OR EXISTS (SELECT FROM reloaded_static_files s WHERE s.sha256 = $1)
                  OR EXISTS (SELECT FROM railcraft_archives a WHERE a.sha256 = encode($1, 'hex') AND a.built_at IS NOT NULL)
        """;

    /// <summary>Keeps the collector away until the transaction ends. Any number may do so at once.</summary>
    public static NpgsqlBatchCommand HoldOff() => new(HoldOffSql) { Parameters = { new() { Value = Gate } } };

    /// <summary>The same for a transaction that is open already; before it looks at any file.</summary>
    public static Task HoldOffAsync(NpgsqlConnection connection, CancellationToken stop) => connection.ExecuteAsync(HoldOffSql, stop, Gate);

    /// <summary>Removes everything that is due, and gives the number of files.</summary>
    public async Task<long> RunAsync(CancellationToken stop)
    {
        long removed = 0;
        var before = clock.GetUtcNow() - options.Value.IdleFor;
        while (true)
        {
            var (looked, gone) = await db.InTransactionAsync(connection => CollectAsync(connection, before, stop), stop);
            removed += gone;
            await RemoveBlobsAsync(stop);
            if (looked < options.Value.BatchSize) return removed;
        }
    }

    private async Task<(long Looked, long Gone)> CollectAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken stop)
    {
        await connection.ExecuteAsync(EnterSql, stop, Gate);
        return await connection.FirstAsync(CollectSql, row => (row.GetInt64(0), row.GetInt64(1)), stop, before, options.Value.BatchSize, clock.GetUtcNow());
    }

    private async Task RemoveBlobsAsync(CancellationToken stop)
    {
        while (await db.ListAsync(RemovedSql, row => row.GetFieldValue<byte[]>(0), stop, options.Value.BatchSize) is { Count: > 0 } hashes)
            foreach (var sha256 in hashes) await db.InTransactionAsync(connection => RemoveBlobAsync(connection, sha256, stop), stop);
    }

    private async Task<bool> RemoveBlobAsync(NpgsqlConnection connection, byte[] sha256, CancellationToken stop)
    {
        await StoredFiles.LockAsync(connection, sha256, stop);
        var isNeeded = await connection.FirstAsync(ClaimSql, row => (bool?)row.GetBoolean(0), stop, sha256);
        if (isNeeded == false) await blobs.DeleteAsync(Convert.ToHexStringLower(sha256), stop);
        return true;
    }
}
