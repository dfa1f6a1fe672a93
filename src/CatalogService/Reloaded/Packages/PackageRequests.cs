using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>A package, or one version of it, by its id.</summary>
/// <param name="PackageId">The package: lower-case, at most 255 characters.</param>
/// <param name="Version">One version; all when it is absent.</param>
public sealed record PackageRequest(string PackageId, string? Version = null)
{
    internal ApiError? Check() => PackageRequests.CheckId(PackageId) ?? PackageRequests.CheckVersion(Version);
}

/// <summary>A package, or one version of it, by its id's hash.</summary>
/// <param name="PackageIdHash">XXH3-64 of the id: 16 hex digits, most significant first.</param>
/// <param name="Version">One version; all when it is absent.</param>
public sealed record PackageHashRequest(string PackageIdHash, string? Version = null)
{
    internal ApiError? Check() => PackageRequests.CheckHash(PackageIdHash) ?? PackageRequests.CheckVersion(Version);
}

/// <summary>What the items of batches must be.</summary>
internal static class PackageRequests
{
    public static ApiError? CheckId(string id) => PackageId.IsValid(id) ? null : ApiError.Invalid("packageId", PackageId.Rule);

    public static ApiError? CheckHash(string hash) => PackageHash.TryParse(hash, out _) ? null : ApiError.Invalid("packageIdHash", PackageHash.Rule);

    public static ApiError? CheckVersion(string? version) =>
        version is not "" ? null : ApiError.Invalid("version", "must not be empty; it is absent for all versions");

    public static ulong HashOf(PackageHashRequest item) => PackageHash.TryParse(item.PackageIdHash, out var hash) ? hash : 0;
}
