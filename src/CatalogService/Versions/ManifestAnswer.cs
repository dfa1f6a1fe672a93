using Microsoft.Net.Http.Headers;

namespace PackRelay.CatalogService.Versions;

/// <summary>Answers with a manifest exactly as it was sent, and with 304 to those who have it.</summary>
internal static class ManifestAnswer
{
    private static readonly TimeSpan ForEver = TimeSpan.FromDays(365);

    /// <summary>One version: it never changes.</summary>
    public static IResult Immutable(HttpResponse response, ManifestWish wish, StoredManifest manifest, bool isPrivate)
    {
        var cache = Cache(ForEver, isPrivate);
        cache.Extensions.Add(new NameValueHeaderValue("immutable"));
        return Answer(response, wish, manifest, cache);
    }

    /// <summary>Whatever is the right version at the moment.</summary>
    public static IResult Current(HttpResponse response, ManifestWish wish, StoredManifest manifest, TimeSpan maxAge, bool isPrivate) =>
        Answer(response, wish, manifest, Cache(maxAge, isPrivate));

    private static CacheControlHeaderValue Cache(TimeSpan maxAge, bool isPrivate) => new() { Public = !isPrivate, Private = isPrivate, MaxAge = maxAge };

    private static IResult Answer(HttpResponse response, ManifestWish wish, StoredManifest manifest, CacheControlHeaderValue cache)
    {
        response.Headers.CacheControl = cache.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        var tag = new EntityTagHeaderValue($"\"{manifest.Sha256}\"");
        if (manifest.Bytes is not null) return TypedResults.Bytes(manifest.Bytes, "application/json", entityTag: tag);
        response.Headers.ETag = tag.ToString();
        if (wish.Knows(manifest.Sha256)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        response.ContentType = "application/json";
        response.ContentLength = manifest.SizeBytes;
        return TypedResults.Empty;
    }
}
