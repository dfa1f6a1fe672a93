using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>The table of bundles: which are wanted, which are there.</summary>
internal sealed class BundleQueries(NpgsqlDataSource db, TimeProvider clock)
{
    // The first download that waits wakes the builders; those after it change nothing and wake nobody.
    private const string WaitSql = """
        WITH wanted AS (
            INSERT INTO bundles AS b (version_id, total_size_bytes, due_at, is_waited_for) SELECT v.id, v.total_size_bytes, $2, true FROM pack_versions v WHERE v.id = $1
            ON CONFLICT (version_id) DO UPDATE SET is_waited_for = true WHERE b.built_at IS NULL AND NOT b.is_waited_for
            RETURNING version_id)
        SELECT pg_notify('bundles', '') FROM wanted
        """;

    private const string FindSql = "SELECT sha256, md5, size_bytes FROM bundles WHERE version_id = $1 AND built_at IS NOT NULL";

    // Other versions may have the same content: it is there as long as one of them is served.
    private const string SizeSql = """
        SELECT b.size_bytes FROM bundles b JOIN pack_versions v ON v.id = b.version_id WHERE b.sha256 = $1 AND b.built_at IS NOT NULL AND v.withdrawn_at IS NULL LIMIT 1
        """;

    /// <summary>Has a version's bundle built before those that nobody waits for.</summary>
    public Task WaitAsync(Guid versionId, CancellationToken stop) => db.ExecuteAsync(WaitSql, stop, versionId, clock.GetUtcNow());

    /// <summary>A version's bundle; null while it is not built.</summary>
    public Task<BuiltBundle?> FindAsync(Guid versionId, CancellationToken stop) =>
        db.FirstAsync(FindSql, row => new BuiltBundle(row.GetString(0), row.GetString(1), row.GetInt64(2)), stop, versionId);

    /// <summary>Size in bytes of the bundle with this hash; 0 when there is none, or only of versions that were withdrawn.</summary>
    public Task<long> SizeAsync(string sha256, CancellationToken stop) => db.ScalarAsync<long>(SizeSql, stop, sha256);
}
