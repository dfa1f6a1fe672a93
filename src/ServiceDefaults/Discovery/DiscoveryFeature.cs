using Microsoft.Extensions.DependencyInjection;

namespace PackRelay.ServiceDefaults.Discovery;

/// <summary>Registers clients of the other services.</summary>
public static class DiscoveryFeature
{
    /// <summary>An HttpClient named after a service, whose base address is found among the service's replicas.</summary>
    /// <param name="services">The services.</param>
    /// <param name="service">The other service's name in the AppHost.</param>
    /// <param name="timeout">Longest time for one exchange; a request on somebody's path must not hang with a hanging service.</param>
    public static IHttpClientBuilder AddServiceClient(this IServiceCollection services, string service, TimeSpan timeout) => services
        .AddHttpClient(service, client =>
        {
            client.BaseAddress = new Uri($"http://{service}");
            client.Timeout = timeout;
        })
        .AddHttpMessageHandler(provider => new ServiceDiscoveryHandler(provider.GetRequiredService<ServiceEndpoints>()));
}
