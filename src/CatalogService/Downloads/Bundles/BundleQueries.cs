using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>The table of bundles: which are wanted, which are there.</summary>
internal sealed class BundleQueries(NpgsqlDataSource db, TimeProvider clock)
{
    // Who wakes the builders is the row itself; a version that was wanted before changes nothing and wakes nobody.
    private const string WantSql = """
        WITH wanted AS (
            INSERT INTO bundles (version_id, total_size_bytes, due_at) SELECT v.id, v.total_size_bytes, $2 FROM pack_versions v WHERE v.id = $1
            ON CONFLICT DO NOTHING
            RETURNING version_id)
        SELECT pg_notify('bundles', '') FROM wanted
        """;

    private const string WantPublishedSql = """
        WITH wanted AS (
            INSERT INTO bundles (version_id, total_size_bytes, due_at)
            SELECT v.id, v.total_size_bytes, $3 FROM packs p JOIN pack_versions v ON v.pack_id = p.id AND v.version = $2 WHERE p.slug = $1
            ON CONFLICT DO NOTHING
            RETURNING version_id)
        SELECT pg_notify('bundles', '') FROM wanted
        """;

    private const string FindSql = "SELECT sha256, md5, size_bytes FROM bundles WHERE version_id = $1 AND built_at IS NOT NULL";

    private const string SizeSql = "SELECT size_bytes FROM bundles WHERE sha256 = $1 AND built_at IS NOT NULL LIMIT 1";

    /// <summary>Has a version's bundle built, unless it was wanted before.</summary>
    public Task WantAsync(Guid versionId, CancellationToken stop) => db.ExecuteAsync(WantSql, stop, versionId, clock.GetUtcNow());

    /// <summary>The same for a version by its name.</summary>
    public Task WantAsync(string slug, string version, CancellationToken stop) => db.ExecuteAsync(WantPublishedSql, stop, slug, version, clock.GetUtcNow());

    /// <summary>A version's bundle; null while it is not built.</summary>
    public Task<BuiltBundle?> FindAsync(Guid versionId, CancellationToken stop) =>
        db.FirstAsync(FindSql, row => new BuiltBundle(row.GetString(0), row.GetString(1), row.GetInt64(2)), stop, versionId);

    /// <summary>Size in bytes of the bundle with this hash; 0 when there is none.</summary>
    public Task<long> SizeAsync(string sha256, CancellationToken stop) => db.ScalarAsync<long>(SizeSql, stop, sha256);
}
