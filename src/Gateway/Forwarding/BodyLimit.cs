using Microsoft.AspNetCore.Http.Features;
using PackRelay.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Configuration;

namespace PackRelay.Gateway.Forwarding;

/// <summary>Refuses a body by its announced length, before a service is bothered. One that does not announce it is cut off while it is read.</summary>
internal static class BodyLimit
{
    private const long Unlimited = -1;

    public static ApiError? Refusal(HttpContext context, RouteConfig route)
    {
        if (context.Request.ContentLength is not { } length || context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { } body) return null;
        var limit = route.MaxRequestBodySize ?? body.MaxRequestBodySize ?? Unlimited;
        if (limit == Unlimited || length <= limit) return null;
        // The server reads on for some seconds and discards: a client that is still sending could not read the answer otherwise.
        body.MaxRequestBodySize = null;
        return ApiError.TooLarge(limit);
    }
}
