using Npgsql;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.CatalogService.Reloaded.Translations;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>What stands in the static files. Everything is in an order of its own and nothing tells when it was written: the same catalogue gives the same bytes.</summary>
internal sealed class StaticContent(MessagePackForm form, Zstd zstd)
{
    internal const string SearchSql = "SELECT id, COALESCE(name, id), COALESCE(summary, '') FROM reloaded_packages WHERE split_part(id, '.', 1) = $1 AND latest_any IS NOT NULL ORDER BY id";

    // Signed numbers stand in the order of the bytes that they begin with, the negative ones first.
    internal const string ReportsSql = """
        SELECT p.id, v.version, g.spelling, c.game_version_id, c.success_count, c.failure_count
          FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position JOIN reloaded_compatibility c ON c.version_id = v.id
          JOIN reloaded_game_versions gv ON gv.game_id = c.game_id AND gv.version_id = c.game_version_id JOIN reloaded_games g ON g.id = gv.game_id
         WHERE p.id_hash BETWEEN $1 AND $2 AND v.held_since IS NULL ORDER BY p.id, v.version, c.game_id, c.game_version_id
        """;

    /// <summary>A version in the files of <c>download-info/</c>, where the first member's sibling is called <c>updateData</c>.</summary>
    public sealed record StaticDownloads(string PackageId, string Version, UpdateSourceData UpdateData, IReadOnlyList<DownloadInfo> DownloadInfo, IReadOnlyList<DeltaUpdate> DeltaUpdates);

    /// <summary>A package in the files of <c>search/</c>. The hub holds no pictures of packages.</summary>
    public sealed record StaticSearchEntry(string PackageId, string Name, string Summary, IReadOnlyList<string> BannerImages);

    /// <summary>A version in the files of <c>compatibility-reports/</c>.</summary>
    public sealed record StaticReports(string PackageId, string PackageVersion, Dictionary<string, List<StaticCounts>> GameCompatibility);

    /// <summary>What players of one version of a game found.</summary>
    public sealed record StaticCounts(uint GameVersionId, long SuccessCount, long FailureCount);

    /// <summary>The files that something due has: their paths, and their bytes, or null where there is to be none.</summary>
    public async Task<List<(string Path, byte[]? Bytes)>> BuildAsync(NpgsqlConnection connection, string kind, string key, CancellationToken stop) => kind switch
    {
        StaticDue.Package => await OfPackageAsync(connection, key, stop),
        StaticDue.Translations => [(PathOf("translations", key), File(await FindTranslations.ListAsync(connection, key, stop)))],
        StaticDue.Search => [($"search/{key}{Suffix}", File(await connection.ListAsync(SearchSql, row => new StaticSearchEntry(row.GetString(0), row.GetString(1), row.GetString(2), []), stop, key)))],
        _ => [($"compatibility-reports/{key}{Suffix}", File(await ReportsAsync(connection, Convert.ToByte(key, 16), stop)))],
    };

    private const string Suffix = ".msgpack.zstd";

    /// <summary>Folders of the first two bytes of the hash.</summary>
    private static string PathOf(string folder, string packageId)
    {
        var hash = PackageHash.Text(PackageHash.Of(packageId));
        return $"{folder}/{hash[..2]}/{hash[2..4]}/{hash}{Suffix}";
    }

    private async Task<List<(string Path, byte[]? Bytes)>> OfPackageAsync(NpgsqlConnection connection, string packageId, CancellationToken stop)
    {
        var (ofMetadata, ofDownloads) = await StaticVersions.FindAsync(connection, packageId, stop);
        var downloads = await DownloadQueries.ListAsync(connection, ofDownloads, stop);
        return
        [
            (PathOf("download-info", packageId), File(downloads.ConvertAll(one => new StaticDownloads(one.PackageId, one.Version, one.UpdateSourceData, one.DownloadInfo, one.DeltaUpdates)))),
            (PathOf("package-metadata", packageId), File(await MetadataQueries.ListAsync(connection, ofMetadata, stop))),
        ];
    }

    private static async Task<List<StaticReports>> ReportsAsync(NpgsqlConnection connection, byte first, CancellationToken stop)
    {
        var (from, to) = ((ulong)first << 56, ((ulong)first << 56) | 0x00FF_FFFF_FFFF_FFFF);
        var rows = await connection.ListAsync(
            ReportsSql, row => (Package: row.GetString(0), Version: row.GetString(1), Game: row.GetString(2), Counts: new StaticCounts((uint)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5))), stop,
            PackageHash.Column(from), PackageHash.Column(to));
        return [.. rows.GroupBy(row => (row.Package, row.Version)).Select(version => new StaticReports(
            version.Key.Package, version.Key.Version, version.GroupBy(row => row.Game, StringComparer.Ordinal).ToDictionary(game => game.Key, game => game.Select(row => row.Counts).ToList(), StringComparer.Ordinal)))];
    }

    private byte[]? File<T>(List<T> content)
    {
        if (content.Count == 0) return null;
        var writer = new MessagePackWriter();
        form.Write(writer, content);
        return zstd.Compress(writer.Written, Zstd.FileLevel);
    }
}
