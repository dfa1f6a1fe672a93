using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>Reads the downloads of many packages in one statement.</summary>
internal sealed class DownloadQueries(BatchReads reads)
{
    private const string Head = """
        SELECT place, id, id_hash, version, total,
               CASE WHEN total <= $3 THEN update_source_data END, CASE WHEN total <= $3 THEN downloads END, CASE WHEN total <= $3 THEN deltas END
          FROM (SELECT *, (sum(download_bytes) OVER ())::bigint AS total
                  FROM (SELECT w.place, p.id, p.id_hash, v.version, v.update_source_data, v.downloads, v.deltas, v.download_bytes
        """;

    private const string Tail = $"""
                          {PackageRows.Versions} LIMIT {BatchLimits.MostRows}) bounded) found
        """;

    internal const string ByIdSql = $"{Head} {PackageRows.ById} {Tail}";

    internal const string ByHashSql = $"{Head} {PackageRows.ByHash} {Tail}";

    private const string OfVersionsSql = """
        SELECT 1::bigint, p.id, p.id_hash, v.version, 0::bigint, v.update_source_data, v.downloads, v.deltas
          FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE v.id = ANY ($1)
        """;

    /// <summary>In the order of the items.</summary>
    public Task<Results<Ok<List<PackageDownloads>>, ReloadedError>> AnswerAsync(HttpResponse response, IReadOnlyList<PackageRequest> items, CancellationToken stop) =>
        reads.AnswerAsync(response, ByIdSql, row => Read(row, withHash: false), items.Select(item => item.PackageId).ToArray(), items.Select(item => item.Version).ToArray(), stop);

    /// <inheritdoc cref="AnswerAsync(HttpResponse, IReadOnlyList{PackageRequest}, CancellationToken)"/>
    public Task<Results<Ok<List<PackageDownloads>>, ReloadedError>> AnswerAsync(HttpResponse response, IReadOnlyList<PackageHashRequest> items, CancellationToken stop) => reads.AnswerAsync(
        response, ByHashSql, row => Read(row, withHash: true), items.Select(item => PackageHash.Column(PackageRequests.HashOf(item))).ToArray(), items.Select(item => item.Version).ToArray(), stop);

    /// <summary>Versions of a package by their keys, the highest first.</summary>
    public static async Task<List<PackageDownloads>> ListAsync(NpgsqlConnection connection, long[] versions, CancellationToken stop) =>
        PackageRows.Sort(await connection.ListAsync(OfVersionsSql, row => new PackageRow<PackageDownloads>(row.GetInt64(0), row.GetString(3), Read(row, withHash: false)), stop, versions));

    /// <summary>What a column has as a record.</summary>
    public static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, ApiJson.Options)!; // ours: it was written from such a record

    private static PackageDownloads Read(NpgsqlDataReader row, bool withHash) => new(
        row.GetString(1), withHash ? PackageHash.Text(PackageHash.FromColumn(row.GetInt64(2))) : null, row.GetString(3),
        Parse<UpdateSourceData>(row.GetString(5)), Parse<List<DownloadInfo>>(row.GetString(6)), Parse<List<DeltaUpdate>>(row.GetString(7)));
}
