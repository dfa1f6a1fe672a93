using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>GET /api/v1/packs/{slug}/versions/{version}</c>: all that is known of one version.</summary>
internal static class GetVersion
{
    /// <summary>All that is known of one version. Every member is always present.</summary>
    /// <param name="Version">Semantic version, as signed.</param>
    /// <param name="PublishedAt">The manifest's own time stamp, as signed.</param>
    /// <param name="FileCount">Files of its manifest.</param>
    /// <param name="TotalSizeBytes">Sum of their sizes in bytes.</param>
    /// <param name="Changelog">What its publisher says of it; null when nothing.</param>
    /// <param name="Withdrawn">Null unless the publisher took it back.</param>
    /// <param name="Status"><c>published</c>; for the pack's team also <c>scanning</c> and <c>rejected</c>.</param>
    /// <param name="Reason">Why it is not published; null when it is.</param>
    /// <param name="KeyId">The key that signed it, <c>publisher/name</c>.</param>
    /// <param name="ManifestUrl">Where its manifest is served.</param>
    /// <param name="ManifestSha256">SHA-256 of the manifest's bytes, 64 lower-case hexadecimal digits.</param>
    /// <param name="Bundle">The zip of all its files; null while it is not built.</param>
    public sealed record Response(
        string Version, string PublishedAt, int FileCount, long TotalSizeBytes, string? Changelog, ListVersions.Withdrawal? Withdrawn, string Status, string? Reason,
        string KeyId, string ManifestUrl, string ManifestSha256, Bundle? Bundle);

    /// <summary>The zip of all files of a version and of its manifest.</summary>
    /// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
    /// <param name="Md5">Its MD5, 32 lower-case hexadecimal digits, for launchers that know nothing else.</param>
    /// <param name="SizeBytes">Its size in bytes.</param>
    /// <param name="Url">Where it is to be fetched: the pack's download route, which counts the download and redirects.</param>
    public sealed record Bundle(string Sha256, string Md5, long SizeBytes, string Url);

    public static void Map(RouteGroupBuilder versions) => versions.MapRead("/{version}", HandleAsync).WithName(nameof(GetVersion));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        string slug, string version, Caller caller, PackAccess packs, VersionPages pages, HeldVersions held, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        var page = await pages.FindAsync(pack, version, stop) ?? await held.FindAsync(pack, version, caller, stop);
        return page is not null ? TypedResults.Ok(page) : VersionErrors.NotFound(slug, version);
    }
}
