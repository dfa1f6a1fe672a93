using Microsoft.AspNetCore.Http;

namespace PackRelay.LocalHosting.StatusPage;

/// <summary>
/// The page is for browsers on this machine. A site on the internet could point its own name at 127.0.0.1 and so read it through a visitor's browser: that request carries
/// the site's name as Host and is refused. A form on another site carries its Origin and is refused as well.
/// </summary>
internal static class StatusPageGuard
{
    public static bool IsLocalHost(HostString host) => host.Host is "localhost" or "127.0.0.1" or "[::1]";

    /// <summary>True when the request was made by the page itself.</summary>
    public static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    public static async Task CheckHostAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsLocalHost(context.Request.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await context.Response.WriteAsync("This page answers only on localhost.", context.RequestAborted);
            return;
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await next(context);
    }
}
