using MassTransit;
using PackRelay.Gateway.Callers;
using PackRelay.ServiceDefaults.Discovery;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers who turns credentials into callers.</summary>
internal static class CallerCacheFeature
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3); // a request must not hang with a hanging Identity

    public static void AddCallerCache(this IServiceCollection services)
    {
        services.AddOptions<CallerCacheOptions>().BindConfiguration("Gateway:Callers").ValidateDataAnnotations().ValidateOnStart();
        services.AddServiceClient("identity", Timeout);
        services.AddSingleton<IdentityCallers>().AddSingleton<CallerCache>().AddSingleton<OriginCheck>().AddSingleton<SolderCallers>();
        services.AddReceiveEndpointObserver<ForgetOnReconnect>();
        services.AddHostedService<SignOfLife>();
    }
}
