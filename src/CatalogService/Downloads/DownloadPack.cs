using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Downloads.Counting;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Versions;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads;

/// <summary>
/// <c>GET /api/v1/packs/{slug}/download</c>: redirects to the zip of the latest version, or of <c>?version=</c>. Every redirect counts one download and charges the
/// bundle's size to the egress of the pack's owner; HEAD does neither. Errors: <c>withdrawn</c> 410, <c>quota_exceeded</c> 402, <c>bundle_unavailable</c> 404.
/// </summary>
internal static class DownloadPack
{
    private const string LatestSql = $"""
        SELECT {PackGate.Columns}, p.id, v.id, v.version, false, v.total_size_bytes, b.sha256, b.md5, b.size_bytes
          FROM packs p JOIN pack_versions v ON v.id = p.latest_version_id LEFT JOIN bundles b ON b.version_id = v.id WHERE p.slug = $1
        """;

    private const string PinnedSql = $"""
        SELECT {PackGate.Columns}, p.id, v.id, v.version, v.withdrawn_at IS NOT NULL, v.total_size_bytes, b.sha256, b.md5, b.size_bytes
          FROM packs p JOIN pack_versions v ON v.pack_id = p.id AND v.version = $2 LEFT JOIN bundles b ON b.version_id = v.id WHERE p.slug = $1
        """;

    public static void Map(RouteGroupBuilder packs) => packs.MapRead("/{slug}/download", HandleAsync).WithName(nameof(DownloadPack))
        .TakesQuery("version", "The version; the latest when it is absent.", code: "invalid_version")
        .Answers(302, "Where the zip is.", headers: ["Location"]);

    private static async Task<Results<RedirectHttpResult, ApiError>> HandleAsync(
        string slug, string? version, HttpContext http, Caller caller, PackAccess packs, NpgsqlDataSource db, BundleWait bundles, BundleLinks links,
        DownloadCounter counter, EgressMeter egress, CancellationToken stop)
    {
        if (version is not null && !SemanticVersion.IsManifestVersion(version)) return await RefusalAsync(slug, version, caller, packs, stop); // may have what Postgres takes for no text
        var found = version is null ? await db.FirstAsync(LatestSql, Read, stop, slug) : await db.FirstAsync(PinnedSql, Read, stop, slug, version);
        if (found is null || !found.Gate.Admits(caller, slug)) return await RefusalAsync(slug, version, caller, packs, stop);
        if (found.IsWithdrawn) return VersionErrors.Gone(slug, found.Version);
        if (await egress.CheckAsync(found.Gate.OwnerId, stop) is { } usedUp) return usedUp;
        var bundle = found.Bundle ?? await bundles.ForAsync(found.VersionId, found.TotalSizeBytes, stop);
        if (bundle is null) return DownloadErrors.NotBuilt(slug, found.Version);

        if (HttpMethods.IsGet(http.Request.Method))
        {
            await counter.CountAsync(found.PackId, stop);
            egress.Add(found.Gate.OwnerId, bundle.SizeBytes);
        }

        http.Response.Headers.CacheControl = "no-store"; // a redirect that is kept is a download that is not counted
        return TypedResults.Redirect(links.Of(slug, found.Version, bundle));
    }

    private static async Task<ApiError> RefusalAsync(string slug, string? version, Caller caller, PackAccess packs, CancellationToken stop)
    {
        if (!(await packs.FindAsync(slug, caller, stop)).TryGet(out _, out var error)) return error;
        if (version is null) return VersionErrors.NonePublished(slug);
        return SemanticVersion.IsManifestVersion(version) ? VersionErrors.NotFound(slug, version) : ApiError.Invalid("version", SemanticVersion.Rule);
    }

    private static Row Read(NpgsqlDataReader row)
    {
        const int next = PackGate.Width;
        var bundle = row.IsDBNull(next + 5) ? null : new BuiltBundle(row.GetString(next + 5), row.GetString(next + 6), row.GetInt64(next + 7));
        return new Row(PackGate.Read(row, 0), row.GetGuid(next), row.GetGuid(next + 1), row.GetString(next + 2), row.GetBoolean(next + 3), row.GetInt64(next + 4), bundle);
    }

    private sealed record Row(PackGate Gate, Guid PackId, Guid VersionId, string Version, bool IsWithdrawn, long TotalSizeBytes, BuiltBundle? Bundle);
}
