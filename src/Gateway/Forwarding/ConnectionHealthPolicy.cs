using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Takes a replica that cannot be connected to out of the rotation at the first failure, for the cluster's reactivation period. When none is left,
/// requests are answered 503 at once.
/// </summary>
internal sealed class ConnectionHealthPolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    private static readonly TimeSpan DefaultReactivation = TimeSpan.FromSeconds(2);

    public string Name => "Connection";

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (!Failure.IsConnection(context.Features.Get<IForwarderErrorFeature>())) return;
        var reactivation = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? DefaultReactivation;
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, reactivation);
    }
}
