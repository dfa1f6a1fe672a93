using System.Net;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.TelemetryService.Influx;

/// <summary>The time series store, over the HTTP API that InfluxDB 1.x, 2.x (v1 compatibility) and 3 Core share.</summary>
internal static class InfluxFeature
{
    public static IServiceCollection AddInflux(this IServiceCollection services)
    {
        services.AddOptions<InfluxOptions>().BindConfiguration("Influx").ValidateDataAnnotations().ValidateOnStart();
        services.AddServiceClient(InfluxClient.ServiceName, Timeout.InfiniteTimeSpan) // every call has a limit of its own
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.GZip,
                ConnectTimeout = TimeSpan.FromSeconds(1),
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                UseProxy = false, // a server of ours
            })
            .RemoveAllLoggers(); // a hundred writes a second
        return services
            .AddSingleton<InfluxClient>()
            .AddSingleton<InfluxSchema>()
            .AddHostedService<InfluxSchemaWorker>();
    }
}
