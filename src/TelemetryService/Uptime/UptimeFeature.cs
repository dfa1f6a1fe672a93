namespace PackRelay.TelemetryService.Uptime;

/// <summary>Which share of its 5-minute slots a server was heard in, and in which slots the hub itself could hear.</summary>
internal static class UptimeFeature
{
    public static IServiceCollection AddUptime(this IServiceCollection services) => services
        .AddSingleton<KnownSlots>()
        .AddSingleton<UptimeQueries>()
        .AddSingleton<HubPulse>()
        .AddHostedService<HubPulseWorker>()
        .AddSingleton<UptimeJournal>()
        .AddHostedService(provider => provider.GetRequiredService<UptimeJournal>())
        .AddSingleton<OfflineUptime>()
        .AddHostedService<OfflineUptimeWorker>();

    public static void MapUptime(this WebApplication app) => GetServerUptime.Map(app.MapGroup("/api/v1/servers"));
}
