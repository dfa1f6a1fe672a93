namespace PackRelay.TelemetryService.Live;

/// <summary>Who is online, with how many players: kept in Redis, told to the catalog, and every change of it an event.</summary>
internal static class LiveFeature
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveOptions>().BindConfiguration("Telemetry").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<LiveState>()
            .AddSingleton<LocalLiveState>()
            .AddSingleton<StatusQueries>()
            .AddSingleton<StatusJournal>()
            .AddHostedService(provider => provider.GetRequiredService<StatusJournal>())
            .AddHostedService<LiveRestorer>()
            .AddSingleton<LiveAnnouncer>()
            .AddHostedService<LiveAnnouncerWorker>()
            .AddSingleton<SweepLease>()
            .AddSingleton<OfflineSweep>()
            .AddHostedService<OfflineSweepWorker>();
    }
}
