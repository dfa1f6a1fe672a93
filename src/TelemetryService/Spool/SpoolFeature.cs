namespace PackRelay.TelemetryService.Spool;

/// <summary>Where points wait while InfluxDB is away.</summary>
internal static class SpoolFeature
{
    public static IServiceCollection AddSpool(this IServiceCollection services) => services
        .AddSingleton<SpoolMetrics>()
        .AddSingleton<MetricsSpool>()
        .AddSingleton<SeriesWriter>()
        .AddSingleton<SpoolReplay>()
        .AddHostedService<SpoolReplayWorker>();
}
