namespace PackRelay.TelemetryService.Metrics;

/// <summary>Gives the series back.</summary>
internal static class MetricsFeature
{
    /// <summary>Code of 400: <c>window</c> is none of the windows.</summary>
    public const string InvalidWindow = "invalid_window";

    /// <summary>Code of 400: <c>buckets</c> is out of its range.</summary>
    public const string InvalidBuckets = "invalid_buckets";

    /// <summary>Code of 503: InfluxDB is away; heartbeats are kept meanwhile.</summary>
    public const string MetricsUnavailable = "metrics_unavailable";

    public static IServiceCollection AddServerMetrics(this IServiceCollection services) => services.AddSingleton<MetricsQuery>();

    public static void MapServerMetrics(this WebApplication app)
    {
        var servers = app.MapGroup("/api/v1/servers");
        GetServerMetrics.Map(servers);
        GetPlayersSparkline.Map(servers);
    }
}
