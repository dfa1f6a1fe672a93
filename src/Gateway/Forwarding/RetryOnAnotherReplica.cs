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
        await next(context);
        while (context.Features.Get<IForwarderErrorFeature>() is { } error && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var proxy = context.GetReverseProxyFeature();
            var others = proxy.AvailableDestinations.Where(destination => destination != proxy.ProxiedDestination).ToArray();
            if (others.Length == 0 || !MayRepeat(context, error))
            {
                if (Failure.IsConnection(error)) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            metrics.Retried(proxy.Cluster.Config.ClusterId);
            context.Features.Set<IForwarderErrorFeature>(null);
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
