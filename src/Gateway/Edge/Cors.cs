using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PackRelay.Gateway.Edge;

/// <summary>
/// Any web page may read what is public, and use a token of its own. Credentials of the browser are never allowed across origins: a page that
/// sends the session cookie cannot read the answer.
/// </summary>
internal static class Cors
{
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private const string Headers = "Authorization, Content-Type, If-Match, If-None-Match, Range";
    private const string MaxAgeSeconds = "7200"; // the longest that browsers accept

    private static readonly StringValues Anybody = "*";
    private static readonly StringValues Exposed = "ETag, Link, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, Content-Disposition";

    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.Origin) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    public static Task AnswerPreflight(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowMethods = Methods;
        response.Headers.AccessControlAllowHeaders = Headers;
        response.Headers.AccessControlMaxAge = MaxAgeSeconds;
        return Task.CompletedTask;
    }

    public static void AllowReading(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = Anybody;
        headers.AccessControlExposeHeaders = Exposed;
    }
}
