using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>How much one package may hold, over all its versions: they are never removed, and its static files are made of all of them.</summary>
internal static class PackageSize
{
    /// <summary>Bytes of what is stored of all versions, each with <see cref="BatchLimits.OverheadBytes"/> for its metadata and for its downloads: four versions of the biggest kind, or thousands of the usual one.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    private const string SumSql = "SELECT count(*), COALESCE(sum(metadata_bytes + download_bytes), 0)::bigint FROM reloaded_versions WHERE package = $1";

    /// <summary>How many versions a package has, and their bytes; the package must be locked.</summary>
    public static Task<(long Versions, long Bytes)> FindAsync(NpgsqlConnection connection, long package, CancellationToken stop) =>
        connection.FirstAsync(SumSql, row => (row.GetInt64(0), row.GetInt64(1)), stop, package);

    /// <summary>409 <c>package_full</c>.</summary>
    public static ApiError Full(string packageId) =>
        ApiError.Conflict(ReloadedErrors.PackageFull, $"packageId: '{packageId}' would hold more than {MaxBytes} bytes in all its versions");
}
