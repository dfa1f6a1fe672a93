using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>The table of bundles: which are wanted, which are there.</summary>
internal sealed class BundleQueries
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
            SELECT v.id, v.total_size_bytes, $3
              FROM unnest($1, $2) AS published (slug, version) JOIN packs p ON p.slug = published.slug JOIN pack_versions v ON v.pack_id = p.id AND v.version = published.version
             ORDER BY v.id
            ON CONFLICT DO NOTHING
            RETURNING version_id)
        SELECT pg_notify('bundles', '') FROM wanted LIMIT 1
        """;

    private const string FindSql = "SELECT sha256, md5, size_bytes FROM bundles WHERE version_id = $1 AND built_at IS NOT NULL";

    private const string SizeSql = "SELECT size_bytes FROM bundles WHERE sha256 = $1 AND built_at IS NOT NULL LIMIT 1";

    private readonly NpgsqlDataSource db;

    private readonly TimeProvider clock;

    private readonly SharedCommit<(string Slug, string Version)> published;

    public BundleQueries(NpgsqlDataSource db, TimeProvider clock)
    {
        (this.db, this.clock) = (db, clock);
        published = new(WantAsync);
    }

    /// <summary>Has a version's bundle built, unless it was wanted before.</summary>
    public Task WantAsync(Guid versionId, CancellationToken stop) => db.ExecuteAsync(WantSql, stop, versionId, clock.GetUtcNow());

    /// <summary>The same for a version by its name; many that are published at about the same time share a commit.</summary>
    public Task WantAsync(string slug, string version, CancellationToken stop) => published.WriteAsync((slug, version), stop);

    /// <summary>A version's bundle; null while it is not built.</summary>
    public Task<BuiltBundle?> FindAsync(Guid versionId, CancellationToken stop) =>
        db.FirstAsync(FindSql, row => new BuiltBundle(row.GetString(0), row.GetString(1), row.GetInt64(2)), stop, versionId);

    /// <summary>Size in bytes of the bundle with this hash; 0 when there is none.</summary>
    public Task<long> SizeAsync(string sha256, CancellationToken stop) => db.ScalarAsync<long>(SizeSql, stop, sha256);

    private Task<int> WantAsync(IReadOnlyList<(string Slug, string Version)> versions, CancellationToken stop) => db.ExecuteAsync(
        WantPublishedSql, stop, versions.Select(wanted => wanted.Slug).ToArray(), versions.Select(wanted => wanted.Version).ToArray(), clock.GetUtcNow());
}
