using System.Text.Json;
using Npgsql;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>Reads the downloads of many packages in one statement.</summary>
internal sealed class DownloadQueries(NpgsqlDataSource db)
{
    private const string Head = """
        SELECT place, id, id_hash, version, total <= $3,
               CASE WHEN total <= $3 THEN update_source_data END, CASE WHEN total <= $3 THEN downloads END, CASE WHEN total <= $3 THEN deltas END
          FROM (SELECT *, sum(download_bytes) OVER () AS total
                  FROM (SELECT w.place, p.id, p.id_hash, v.version, v.update_source_data, v.downloads, v.deltas, v.download_bytes
        """;

    private const string Tail = $"""
                          {PackageRows.Versions} LIMIT {BatchLimits.MostRows}) bounded) found
        """;

    internal const string ByIdSql = $"{Head} {PackageRows.ById} {Tail}";

    internal const string ByHashSql = $"{Head} {PackageRows.ByHash} {Tail}";

    private const string OfPackageSql = """
        SELECT 1::bigint, p.id, p.id_hash, v.version, true, v.update_source_data, v.downloads, v.deltas
          FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = $1 AND v.held_since IS NULL
        """;

    /// <summary>In the order of the items; null when they are more than one answer may hold.</summary>
    public Task<List<PackageDownloads>?> FindAsync(IReadOnlyList<PackageRequest> items, CancellationToken stop) =>
        FindAsync(ByIdSql, items.Select(item => item.PackageId).ToArray(), items.Select(item => item.Version).ToArray(), withHash: false, stop);

    /// <inheritdoc cref="FindAsync(IReadOnlyList{PackageRequest}, CancellationToken)"/>
    public Task<List<PackageDownloads>?> FindAsync(IReadOnlyList<PackageHashRequest> items, CancellationToken stop) =>
        FindAsync(ByHashSql, items.Select(item => PackageHash.Column(PackageRequests.HashOf(item))).ToArray(), items.Select(item => item.Version).ToArray(), withHash: true, stop);

    /// <summary>All versions of a package that may be seen, the highest first.</summary>
    public static async Task<List<PackageDownloads>> ListAsync(NpgsqlConnection connection, string packageId, CancellationToken stop) =>
        PackageRows.Sort(await connection.ListAsync(OfPackageSql, row => Read(row, withHash: false), stop, packageId));

    /// <summary>What a column has as a record.</summary>
    public static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, ApiJson.Options)!; // ours: it was written from such a record

    private async Task<List<PackageDownloads>?> FindAsync(string sql, object keys, string?[] versions, bool withHash, CancellationToken stop)
    {
        var rows = await db.ListAsync(sql, row => Read(row, withHash), stop, keys, versions, BatchLimits.MaxAnswerBytes);
        return rows.Exists(row => row.Item is null) ? null : PackageRows.Sort(rows);
    }

    private static PackageRow<PackageDownloads> Read(NpgsqlDataReader row, bool withHash)
    {
        var (place, version) = (row.GetInt64(0), row.GetString(3));
        if (!row.GetBoolean(4)) return new(place, version, null);
        return new(place, version, new PackageDownloads(
            row.GetString(1), withHash ? PackageHash.Text(PackageHash.FromColumn(row.GetInt64(2))) : null, version,
            Parse<UpdateSourceData>(row.GetString(5)), Parse<List<DownloadInfo>>(row.GetString(6)), Parse<List<DeltaUpdate>>(row.GetString(7))));
    }
}
