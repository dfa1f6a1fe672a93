using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Which servers there are, who owns them and which pack they should run.</summary>
internal static class ServersFeature
{
    /// <summary>Code of 404: no server has this slug.</summary>
    public const string ServerNotFound = "server_not_found";

    public static IServiceCollection AddServers(this IServiceCollection services)
    {
        services.AddServiceClient(CatalogServers.ServiceName, TimeSpan.FromSeconds(2));
        return services
            .AddSingleton<ServerMap>()
            .AddSingleton<ServerQueries>()
            .AddSingleton<PackIntake>()
            .AddSingleton<CatalogServers>()
            .AddSingleton<ServerDirectory>()
            .AddSingleton<ServerMapRefresh>()
            .AddHostedService<ServerMapRefreshWorker>();
    }
}
