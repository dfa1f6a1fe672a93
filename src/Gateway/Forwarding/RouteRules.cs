using Yarp.ReverseProxy.Configuration;

namespace PackRelay.Gateway.Forwarding;

/// <summary>Refuses a route configuration that would silently go without its limit.</summary>
internal sealed class RouteRules : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => ValueTask.FromResult(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
        RouteLimit.Problem(route) is { } problem ? throw new InvalidOperationException(problem) : ValueTask.FromResult(route);
}
