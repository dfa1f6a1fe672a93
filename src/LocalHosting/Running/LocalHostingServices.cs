using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace PackRelay.LocalHosting.Running;

internal static class LocalHostingServices
{
    public static void AddLocalHosting(this IServiceCollection services, IResourceCollection resources)
    {
        services.AddSingleton(resources);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Orchestrator>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        // The console belongs to the orchestrator's own lines; the host's "press Ctrl+C" would only stand between them,
        // and a start that failed is explained by DistributedApplication.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None));
    }
}
