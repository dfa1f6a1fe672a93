using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Gateway.Forwarding;

/// <summary>Rewrites a request's headers to what a service may know; the proxy then copies them all.</summary>
internal static class OutboundRequest
{
    private const string CredentialsOwner = "identity"; // signs in and out, and rotates the cookie

    public static void Rewrite(HttpContext context, string cluster, string? caller)
    {
        var headers = context.Request.Headers;
        if (caller is not null) headers[CallerToken.HeaderName] = caller;
        headers["X-Forwarded-For"] = Address(context);
        headers["X-Forwarded-Proto"] = context.Request.Scheme;
        headers["X-Forwarded-Host"] = context.Request.Host.Value;
        if (cluster == CredentialsOwner) return;
        headers.Authorization = default;
        headers.Cookie = default;
    }

    private static string Address(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null) return "unknown";
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}
