using Microsoft.AspNetCore.Http.Features;
using PackRelay.Gateway.Edge;
using Yarp.ReverseProxy.Forwarder;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Sends a request to another replica when the first could not be connected to, or, for a read, broke off before it answered. A write that may
/// have been carried out is never repeated. When no replica can be connected to, the answer is 503.
/// </summary>
internal sealed class RetryOnAnotherReplica(RequestDelegate next, EdgeMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var others = proxy.AvailableDestinations; // load balancing will leave the chosen one only
        await next(context);
        while (context.Features.Get<IForwarderErrorFeature>() is { } error && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            others = [.. others.Where(destination => destination != proxy.ProxiedDestination)];
            if (others.Count == 0 || !MayRepeat(context, error))
            {
                if (Failure.IsConnection(error)) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            metrics.Retried(proxy.Cluster.Config.ClusterId);
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK; // the proxy refuses to forward what has been answered
            proxy.AvailableDestinations = others;
            await next(context);
        }
    }

    private static bool MayRepeat(HttpContext context, IForwarderErrorFeature error)
    {
        if (Failure.IsConnection(error)) return true;
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return isRead && Failure.IsBreak(error) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
    }
}
