using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>
/// Writes the static files that are due, by one replica at a time. A file's bytes are in the blob store before its path leads to them, and the path changes in one transaction: whoever reads gets the old file or the new
/// one, whole. A file that would be the same is left alone.
/// </summary>
internal sealed class StaticPass(NpgsqlDataSource db, StaticContent content, IBlobStore blobs, IOptions<ReloadedOptions> options, TimeProvider clock)
{
    private const int BatchSize = 50;

    private const string LockSql = "SELECT pg_try_advisory_xact_lock(hashtextextended('reloaded static files', 0))";

    private const string DueSql = "SELECT kind, key, revision FROM reloaded_static_due WHERE due_at <= $1 ORDER BY due_at, kind, key LIMIT $2";

    private const string KnownSql = "SELECT sha256 FROM reloaded_static_files WHERE path = $1";

    private const string PutSql = """
        INSERT INTO reloaded_static_files (path, sha256, size_bytes, written_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (path) DO UPDATE SET sha256 = EXCLUDED.sha256, size_bytes = EXCLUDED.size_bytes, written_at = EXCLUDED.written_at
        """;

    private const string RemoveSql = "DELETE FROM reloaded_static_files WHERE path = $1";

    private const string OrphanSql = "INSERT INTO removed_files (sha256, removed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"; // the collector sees whether another path still leads to it

    // Last of all, and waiting for nobody: who publishes meanwhile must not wait for the files of others. What changed since it was read stays due; files of many packages, of which one may always change, with a new term.
    internal const string DoneSql = """
        WITH done AS (
            SELECT d.kind, d.key, d.revision = done.revision AS is_same FROM reloaded_static_due d JOIN unnest($1, $2, $3) AS done (kind, key, revision) ON done.kind = d.kind AND done.key = d.key
               FOR UPDATE OF d SKIP LOCKED),
        gone AS (
            DELETE FROM reloaded_static_due d USING done WHERE d.kind = done.kind AND d.key = done.key AND done.is_same)
        UPDATE reloaded_static_due d SET due_at = CASE d.kind WHEN 'reports' THEN $4 ELSE $5 END
          FROM done WHERE d.kind = done.kind AND d.key = done.key AND NOT done.is_same AND d.kind IN ('reports', 'search')
        """;

    /// <summary>Gives how many things were due; fewer than 50 when nothing is left, 0 also when another replica is at it.</summary>
    public Task<int> RunAsync(CancellationToken stop) => db.InTransactionAsync(connection => RunAsync(connection, stop), stop);

    private async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        if (!await connection.ScalarAsync<bool>(LockSql, stop)) return 0;
        var now = clock.GetUtcNow();
        var due = await connection.ListAsync(DueSql, row => (Kind: row.GetString(0), Key: row.GetString(1), Revision: row.GetInt64(2)), stop, now, BatchSize);
        if (due.Count == 0) return 0;
        foreach (var (kind, key, _) in due)
        {
            foreach (var (path, bytes) in await content.BuildAsync(connection, kind, key, stop)) await PutAsync(connection, path, bytes, now, stop);
        }

        await connection.ExecuteAsync(DoneSql, stop, due.Select(one => one.Kind).ToArray(), due.Select(one => one.Key).ToArray(), due.Select(one => one.Revision).ToArray(), now + options.Value.StaticReportsInterval, now + StaticDue.SearchPause);
        return due.Count;
    }

    private async Task PutAsync(NpgsqlConnection connection, string path, byte[]? bytes, DateTimeOffset now, CancellationToken stop)
    {
        var known = await connection.ScalarAsync<byte[]>(KnownSql, stop, path);
        var sha256 = bytes is null ? null : SHA256.HashData(bytes);
        if (sha256 is null ? known is null : known is not null && known.AsSpan().SequenceEqual(sha256)) return;
        if (bytes is null)
        {
            await connection.ExecuteAsync(RemoveSql, stop, path);
        }
        else
        {
            await StoredFiles.LockAsync(connection, sha256!, stop); // the collector may be about to remove such a blob: it looks whether it is needed under this lock
            using var body = new MemoryStream(bytes, writable: false);
            var (outcome, _, _) = await blobs.WriteAsync(body, Convert.ToHexStringLower(sha256!), bytes.Length, stop);
            if (outcome != BlobOutcome.Stored) throw new IOException($"The static file {path} could not be stored: {outcome}.");
            await connection.ExecuteAsync(PutSql, stop, path, sha256, (long)bytes.Length, now);
        }

        if (known is not null) await connection.ExecuteAsync(OrphanSql, stop, known, now);
    }
}
