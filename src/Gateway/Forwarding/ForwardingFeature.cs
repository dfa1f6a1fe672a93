using PackRelay.Gateway.Answers;
using PackRelay.Gateway.Forwarding;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace Microsoft.Extensions.Hosting;

/// <summary>Routes of the configuration section <c>ReverseProxy</c>, and what a request passes on its way to a service.</summary>
internal static class ForwardingFeature
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public static void AddForwarding(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IDestinationResolver, ServiceDestinations>();
        services.AddSingleton<IPassiveHealthCheckPolicy, ConnectionHealthPolicy>();
        services.AddSingleton<RouteLimit>();
        services.AddReverseProxy()
            .LoadFromConfig(configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<RouteRules>()
            .AddTransforms(transforms =>
            {
                transforms.UseDefaultForwarders = false; // Admission writes them, on the request itself
                transforms.AddRequestTransform(RawTarget.Keep);
            })
            .ConfigureHttpClient((_, client) => client.ConnectTimeout = ConnectTimeout);
    }

    public static void MapForwarding(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        proxy.UseMiddleware<Admission>();
        proxy.UseMiddleware<ReadThroughMemory>();
        proxy.UseMiddleware<RetryOnAnotherReplica>();
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });
}
