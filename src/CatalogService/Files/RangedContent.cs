using System.Globalization;
using Microsoft.Net.Http.Headers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files;

/// <summary>Content that never changes, whole or in parts. A part that is not there is 416 <c>invalid_range</c>, which nobody may keep.</summary>
/// <param name="content">Seekable; it is disposed of.</param>
/// <param name="contentType">Its type.</param>
/// <param name="sha256">Its hash, which is its strong tag.</param>
/// <param name="fileName">Name under which browsers save it; null for none.</param>
/// <param name="cacheControl">Who may keep it; everybody, for ever, when null.</param>
/// <param name="refusal">What to answer when the part is not there, where that is not the native error.</param>
internal sealed class RangedContent(Stream content, string contentType, string sha256, string? fileName = null, string? cacheControl = null, IResult? refusal = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var sizeBytes = content.Length;
        response.Headers.CacheControl = cacheControl ?? "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        await TypedResults.Stream(content, contentType, fileName, entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true).ExecuteAsync(httpContext);
        if (response.StatusCode != StatusCodes.Status416RangeNotSatisfiable || response.HasStarted) return;
        foreach (var name in (string[])[HeaderNames.ContentLength, HeaderNames.ETag, HeaderNames.ContentDisposition]) response.Headers.Remove(name);
        var answer = refusal ?? new ApiError(StatusCodes.Status416RangeNotSatisfiable, FileErrors.InvalidRange, string.Create(CultureInfo.InvariantCulture, $"Range: it has {sizeBytes} bytes"));
        await answer.ExecuteAsync(httpContext);
    }
}
