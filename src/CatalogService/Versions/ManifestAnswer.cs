using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace PackRelay.CatalogService.Versions;

/// <summary>A stored manifest.</summary>
/// <param name="Bytes">What the publisher sent.</param>
/// <param name="Sha256">Their hash, 64 lower-case hex digits.</param>
internal sealed record StoredManifest(byte[] Bytes, string Sha256);

/// <summary>Answers with a manifest exactly as it was sent, and with 304 to those who have it.</summary>
internal static class ManifestAnswer
{
    private static readonly TimeSpan ForEver = TimeSpan.FromDays(365);

    /// <summary>One version: it never changes.</summary>
    public static IResult Immutable(HttpResponse response, StoredManifest manifest, bool isPrivate)
    {
        var cache = Cache(ForEver, isPrivate);
        cache.Extensions.Add(new NameValueHeaderValue("immutable"));
        return Answer(response, manifest, cache);
    }

    /// <summary>Whatever is the right version at the moment.</summary>
    public static IResult Current(HttpResponse response, StoredManifest manifest, TimeSpan maxAge, bool isPrivate) => Answer(response, manifest, Cache(maxAge, isPrivate));

    private static CacheControlHeaderValue Cache(TimeSpan maxAge, bool isPrivate) => new() { Public = !isPrivate, Private = isPrivate, MaxAge = maxAge };

    private static FileContentHttpResult Answer(HttpResponse response, StoredManifest manifest, CacheControlHeaderValue cache)
    {
        response.Headers.CacheControl = cache.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(manifest.Bytes, "application/json", entityTag: new EntityTagHeaderValue($"\"{manifest.Sha256}\""));
    }
}
