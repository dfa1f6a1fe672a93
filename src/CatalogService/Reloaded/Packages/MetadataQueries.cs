using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Reads the metadata of many packages in one statement.</summary>
internal sealed class MetadataQueries(BatchReads reads)
{
    // What is asked for twice is answered twice. The sum is known before any content is read.
    private const string Head = """
        SELECT place, id, id_hash, version, total,
               CASE WHEN total <= $3 THEN package_toml END, CASE WHEN total <= $3 THEN config_toml END,
               CASE WHEN total <= $3 THEN language_paths END, CASE WHEN total <= $3 THEN language_data END
          FROM (SELECT *, (sum(metadata_bytes) OVER ())::bigint AS total
                  FROM (SELECT w.place, p.id, p.id_hash, v.version, v.package_toml, v.config_toml, v.language_paths, v.language_data, v.metadata_bytes
        """;

    private const string Tail = $"""
                          {PackageRows.Versions} LIMIT {BatchLimits.MostRows}) bounded) found
        """;

    internal const string ByIdSql = $"{Head} {PackageRows.ById} {Tail}";

    internal const string ByHashSql = $"{Head} {PackageRows.ByHash} {Tail}";

    private const string OfVersionsSql = """
        SELECT 1::bigint, p.id, p.id_hash, v.version, 0::bigint, v.package_toml, v.config_toml, v.language_paths, v.language_data
          FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE v.id = ANY ($1)
        """;

    /// <summary>In the order of the items.</summary>
    public Task<Results<Ok<List<PackageMetadata>>, ReloadedError>> AnswerAsync(HttpResponse response, IReadOnlyList<PackageRequest> items, CancellationToken stop) =>
        reads.AnswerAsync(response, ByIdSql, Read, items.Select(item => item.PackageId).ToArray(), items.Select(item => item.Version).ToArray(), stop);

    /// <inheritdoc cref="AnswerAsync(HttpResponse, IReadOnlyList{PackageRequest}, CancellationToken)"/>
    public Task<Results<Ok<List<PackageMetadata>>, ReloadedError>> AnswerAsync(HttpResponse response, IReadOnlyList<PackageHashRequest> items, CancellationToken stop) =>
        reads.AnswerAsync(response, ByHashSql, Read, items.Select(item => PackageHash.Column(PackageRequests.HashOf(item))).ToArray(), items.Select(item => item.Version).ToArray(), stop);

    /// <summary>Versions of a package by their keys, the highest first.</summary>
    public static async Task<List<PackageMetadata>> ListAsync(NpgsqlConnection connection, long[] versions, CancellationToken stop) =>
        PackageRows.Sort(await connection.ListAsync(OfVersionsSql, row => new PackageRow<PackageMetadata>(row.GetInt64(0), row.GetString(3), Read(row)), stop, versions));

    private static PackageMetadata Read(NpgsqlDataReader row)
    {
        var (paths, data) = (row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8));
        var files = new LanguageFile[paths.Length];
        for (var i = 0; i < files.Length; i++) files[i] = new(paths[i], data[i]);
        return new PackageMetadata(row.GetString(1), PackageHash.Text(PackageHash.FromColumn(row.GetInt64(2))), row.GetString(3), row.GetString(5), row.GetNullable<string>(6), files);
    }
}
