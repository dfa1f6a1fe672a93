using Npgsql;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Reads one version with everything about it that may change.</summary>
internal static class PackageVersionPages
{
    private static readonly TimeSpan TooLong = TimeSpan.FromHours(24);

    private const string FindSql = """
        SELECT v.id, p.position, p.owner_id, p.id_hash, p.trusted_site, v.held_since, v.update_source_data, v.downloads, v.deltas
          FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = $1 AND v.version = $2
        """;

    /// <summary>A version with its keys.</summary>
    public sealed record Found(long VersionId, long Package, Guid OwnerId, PackageVersionPage Page);

    public static Task<Found?> FindAsync(NpgsqlConnection connection, string packageId, string version, DateTimeOffset now, CancellationToken stop) =>
        connection.FirstAsync(FindSql, row => Read(row, packageId, version, now), stop, packageId, version);

    public static Task<Found?> FindAsync(NpgsqlDataSource db, string packageId, string version, DateTimeOffset now, CancellationToken stop) =>
        db.FirstAsync(FindSql, row => Read(row, packageId, version, now), stop, packageId, version);

    private static Found Read(NpgsqlDataReader row, string packageId, string version, DateTimeOffset now)
    {
        var heldSince = row.GetNullableValue<DateTimeOffset>(5);
        return new Found(row.GetInt64(0), row.GetInt64(1), row.GetGuid(2), new PackageVersionPage(
            packageId, PackageHash.Text(PackageHash.FromColumn(row.GetInt64(3))), version, heldSince is not null, heldSince, now - heldSince > TooLong, row.GetString(4),
            DownloadQueries.Parse<UpdateSourceData>(row.GetString(6)), DownloadQueries.Parse<List<DownloadInfo>>(row.GetString(7)), DownloadQueries.Parse<List<DeltaUpdate>>(row.GetString(8))));
    }
}
