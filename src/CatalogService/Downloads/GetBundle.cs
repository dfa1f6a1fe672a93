using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Files;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Downloads;

/// <summary>
/// <c>GET /cdn/bundles/{sha256}/{name}.zip</c>: the zip that <see cref="DownloadPack"/> redirects to, for everybody who knows its hash; with ranges. It neither counts
/// nor charges: the redirect did, and a CDN asks once for all. Launchers of the Solder dialect have the address of a private pack's zip without a redirect: what they fetch is not counted.
/// 404 once every version with these files was withdrawn. Errors: <c>invalid_range</c> 416.
/// </summary>
internal static class GetBundle
{
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");

    public static void Map(RouteGroupBuilder cdn) => cdn.MapRead("/bundles/{sha256}/{name}", HandleAsync).WithName(nameof(GetBundle))
        .Answers(200, "The zip.", "application/zip", headers: ["Accept-Ranges"])
        .Answers(206, "The part that `Range` asks for.", "application/zip", headers: ["Accept-Ranges", "Content-Range", "ETag"])
        .Answers(302, "Where the zip is, when the hub keeps its files in another store; the address is good for a short time.", headers: ["Location"]);

    private static async Task<Results<RangedContent, RedirectHttpResult, ApiError>> HandleAsync(
        string sha256, string name, BundleQueries bundles, IBlobStore blobs, HttpRequest request, HttpResponse response, CancellationToken stop)
    {
        var isKnown = Sha256Hex.IsValid(sha256) && IsName(name) && await bundles.SizeAsync(sha256, stop) > 0;
        if (!isKnown) return ApiError.NotFound("bundle", sha256);
        if (HttpMethods.IsGet(request.Method) && blobs.Link(sha256, name) is { } link)
        {
            response.Headers.CacheControl = "no-store"; // the address ends soon
            return TypedResults.Redirect(link.AbsoluteUri);
        }

        if (await blobs.OpenAsync(sha256, stop) is not { } content) return ApiError.NotFound("bundle", sha256);
        return new RangedContent(content, "application/zip", sha256, name);
    }

    /// <summary>The name only says what browsers call the file; a link with a name that is no pack's would make the hub say anything.</summary>
    private static bool IsName(string name) =>
        name.Length is > 4 and <= 160 && name.EndsWith(".zip", StringComparison.Ordinal) && !name.AsSpan().ContainsAnyExcept(NameLetters) && char.IsAsciiLetterOrDigit(name[0]);
}
