using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.Gateway.Edge;

/// <summary>What answers of the Solder dialect carry besides: Solder's names for the limits, its security headers, and CORS for any page, or for listed ones.</summary>
internal sealed class SolderHeaders(IOptions<EdgeOptions> options)
{
    private static readonly StringValues SameOrigin = "SAMEORIGIN";
    private static readonly StringValues Referrer = "strict-origin-when-cross-origin";
    private static readonly StringValues Permissions = "camera=(), microphone=(), geolocation=()";

    private readonly HashSet<string> origins = options.Value.SolderOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether any page may read the dialect, so that answers do not depend on who asks.</summary>
    public bool IsOpen => origins.Contains("*");

    public void Write(HttpContext context, RateLimitDecision? limit, bool isSession)
    {
        var headers = context.Response.Headers;
        headers.XFrameOptions = SameOrigin;
        headers["Referrer-Policy"] = Referrer;
        headers["Permissions-Policy"] = Permissions;
        if (limit is { } decision)
        {
            headers["X-RateLimit-Limit"] = decision.Limit.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Remaining"] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
        }

        if (isSession) headers.AccessControlAllowOrigin = default;
        else Allow(context);
    }

    /// <summary>Every origin, or the one that asks when it is in the list; then the answer depends on who asks.</summary>
    public void Allow(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        if (IsOpen) return;
        var origin = context.Request.Headers.Origin.ToString();
        headers.AccessControlAllowOrigin = origins.Contains(origin) ? origin : default(StringValues);
        if (!headers.Vary.ToString().Contains(HeaderNames.Origin, StringComparison.OrdinalIgnoreCase)) headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }
}
