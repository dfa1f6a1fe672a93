using Npgsql;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>Which versions of a package stand in a file: all of them, in the usual case.</summary>
internal static class StaticVersions
{
    /// <summary>Bytes of what is stored that one file may have. A file is made in memory, as text, as MessagePack and compressed.</summary>
    public const long MaxFileBytes = 16 * 1024 * 1024;

    // Sizes alone: what a package may hold bounds their number too.
    private const string SizesSql = """
        SELECT v.id, v.version, v.metadata_bytes, v.download_bytes FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = $1 AND v.held_since IS NULL
        """;

    /// <summary>Keys of the versions that may be seen: the highest of them, as many as a file of each kind can have.</summary>
    public static async Task<(long[] OfMetadata, long[] OfDownloads)> FindAsync(NpgsqlConnection connection, string packageId, CancellationToken stop)
    {
        var versions = PackageRows.Sort(await connection.ListAsync(
            SizesSql, row => new PackageRow<Sizes>(1, row.GetString(1), new Sizes(row.GetInt64(0), row.GetInt64(2), row.GetInt64(3))), stop, packageId));
        return (Highest(versions, version => version.MetadataBytes), Highest(versions, version => version.DownloadBytes));
    }

    private static long[] Highest(List<Sizes> versions, Func<Sizes, long> sizeOf)
    {
        var bytes = 0L;
        return [.. versions.TakeWhile(version => (bytes += sizeOf(version)) <= MaxFileBytes).Select(version => version.Id)];
    }

    private sealed record Sizes(long Id, long MetadataBytes, long DownloadBytes);
}
