using System.Text;
using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Answers with a picture that pages elsewhere embed: <c>image/svg+xml</c>, to be kept for a short while. The gateway adds the ETag.</summary>
/// <param name="svg">The picture; text of others in it is escaped.</param>
/// <param name="maxAge">How long it may be kept.</param>
public sealed class SvgAnswer(string svg, TimeSpan maxAge) : IResult, IStatusCodeHttpResult
{
    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "image/svg+xml; charset=utf-8";
        response.Headers.CacheControl = $"public, max-age={(int)maxAge.TotalSeconds}";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"; // opened by itself it is a document of the hub's origin
        var bytes = Encoding.UTF8.GetBytes(svg);
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, 0, bytes.Length, httpContext.RequestAborted);
    }
}
