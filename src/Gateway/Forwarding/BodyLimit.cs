using Microsoft.AspNetCore.Http.Features;
using PackRelay.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Configuration;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Refuses a body by its announced length, before a service is bothered, and counts one that announces none. Either way the server itself gets no
/// limit: it then reads on and discards for some seconds, without which a client that is still sending could not read the answer.
/// </summary>
internal static class BodyLimit
{
    private const long Unlimited = -1;

    public static ApiError? Apply(HttpContext context, RouteConfig route)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } body) return null;
        var limit = route.MaxRequestBodySize ?? body.MaxRequestBodySize ?? Unlimited;
        if (limit == Unlimited) return null;
        if (context.Request.ContentLength is not { } length)
        {
            context.Request.Body = new LimitedBody(context.Request.Body, limit, body);
            return null;
        }

        if (length <= limit) return null;
        body.MaxRequestBodySize = null;
        return ApiError.TooLarge(limit);
    }
}
