using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Looks for newer versions of many packages in one statement: what is the latest stands with the package.</summary>
internal sealed class UpdateQueries(NpgsqlDataSource db)
{
    private const string Columns = "SELECT w.place, p.id, p.id_hash, w.version, p.latest_release, p.latest_any";

    private const string OfVersion = """
        CROSS JOIN LATERAL (SELECT FROM reloaded_versions one WHERE one.package = p.position AND one.version = w.version AND one.held_since IS NULL OFFSET 0) v ORDER BY w.place
        """;

    internal const string ByIdSql = $"{Columns} {PackageRows.ById} {OfVersion}";

    internal const string ByHashSql = $"{Columns} {PackageRows.ByHash} {OfVersion}";

    public Task<List<CheckUpdates.Update>> CheckAsync(IReadOnlyList<PackageRequest> items, CancellationToken stop) => db.ListAsync(
        ByIdSql, row => Read(row, withHash: false), stop, items.Select(item => item.PackageId).ToArray(), items.Select(item => item.Version).ToArray());

    public Task<List<CheckUpdates.Update>> CheckAsync(IReadOnlyList<PackageHashRequest> items, CancellationToken stop) => db.ListAsync(
        ByHashSql, row => Read(row, withHash: true), stop,
        items.Select(item => PackageHash.Column(PackageRequests.HashOf(item))).ToArray(), items.Select(item => item.Version).ToArray());

    private static CheckUpdates.Update Read(NpgsqlDataReader row, bool withHash)
    {
        var current = row.GetString(3);
        _ = PackageVersion.TryParse(current, out var version);
        var latest = row.GetNullable<string>(version!.IsPreRelease ? 5 : 4) ?? current;
        var hasUpdate = PackageVersion.TryParse(latest, out var other) && PackageVersion.ComparePrecedence(other, version) > 0;
        return new(row.GetString(1), withHash ? PackageHash.Text(PackageHash.FromColumn(row.GetInt64(2))) : null, hasUpdate, latest);
    }
}
