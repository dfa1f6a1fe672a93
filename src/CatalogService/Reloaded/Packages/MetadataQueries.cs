using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Reads the metadata of many packages in one statement.</summary>
internal sealed class MetadataQueries(NpgsqlDataSource db)
{
    // What is asked for twice is answered twice. The sum is known before any content is read.
    private const string Head = """
        SELECT place, id, id_hash, version, total <= $3,
               CASE WHEN total <= $3 THEN package_toml END, CASE WHEN total <= $3 THEN config_toml END,
               CASE WHEN total <= $3 THEN language_paths END, CASE WHEN total <= $3 THEN language_data END
          FROM (SELECT *, sum(metadata_bytes) OVER () AS total
                  FROM (SELECT w.place, p.id, p.id_hash, v.version, v.package_toml, v.config_toml, v.language_paths, v.language_data, v.metadata_bytes
        """;

    private const string Tail = $"""
                          {PackageRows.Versions} LIMIT {BatchLimits.MostRows}) bounded) found
        """;

    internal const string ByIdSql = $"{Head} {PackageRows.ById} {Tail}";

    internal const string ByHashSql = $"{Head} {PackageRows.ByHash} {Tail}";

    private const string OfPackageSql = """
        SELECT 1::bigint, p.id, p.id_hash, v.version, true, v.package_toml, v.config_toml, v.language_paths, v.language_data
          FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = $1 AND v.held_since IS NULL
        """;

    /// <summary>In the order of the items; null when they are more than one answer may hold.</summary>
    public Task<List<PackageMetadata>?> FindAsync(IReadOnlyList<PackageRequest> items, CancellationToken stop) =>
        FindAsync(ByIdSql, items.Select(item => item.PackageId).ToArray(), items.Select(item => item.Version).ToArray(), stop);

    /// <inheritdoc cref="FindAsync(IReadOnlyList{PackageRequest}, CancellationToken)"/>
    public Task<List<PackageMetadata>?> FindAsync(IReadOnlyList<PackageHashRequest> items, CancellationToken stop) =>
        FindAsync(ByHashSql, items.Select(item => PackageHash.Column(PackageRequests.HashOf(item))).ToArray(), items.Select(item => item.Version).ToArray(), stop);

    /// <summary>All versions of a package that may be seen, the highest first.</summary>
    public static async Task<List<PackageMetadata>> ListAsync(NpgsqlConnection connection, string packageId, CancellationToken stop) =>
        PackageRows.Sort(await connection.ListAsync(OfPackageSql, Read, stop, packageId));

    private async Task<List<PackageMetadata>?> FindAsync(string sql, object keys, string?[] versions, CancellationToken stop)
    {
        var rows = await db.ListAsync(sql, Read, stop, keys, versions, BatchLimits.MaxAnswerBytes);
        return rows.Exists(row => row.Item is null) ? null : PackageRows.Sort(rows);
    }

    private static PackageRow<PackageMetadata> Read(NpgsqlDataReader row)
    {
        var (place, version) = (row.GetInt64(0), row.GetString(3));
        if (!row.GetBoolean(4)) return new(place, version, null);
        var (paths, data) = (row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8));
        var files = new LanguageFile[paths.Length];
        for (var i = 0; i < files.Length; i++) files[i] = new(paths[i], data[i]);
        return new(place, version, new PackageMetadata(
            row.GetString(1), PackageHash.Text(PackageHash.FromColumn(row.GetInt64(2))), version, row.GetString(5), row.GetNullable<string>(6), files));
    }
}
