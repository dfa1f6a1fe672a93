using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>Receives heartbeats.</summary>
internal static class HeartbeatsFeature
{
    /// <summary>Code of 400: the body is JSON, but no valid heartbeat.</summary>
    public const string InvalidHeartbeat = "invalid_heartbeat";

    public static IServiceCollection AddHeartbeats(this IServiceCollection services)
    {
        services.AddOptions<HeartbeatOptions>().BindConfiguration("Telemetry:Heartbeat").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<SeriesClock>()
            .AddSingleton<HeartbeatMetrics>()
            .AddSingleton<CommitQueue>()
            .AddSingleton<AdvisedPause>()
            .AddSingleton<HeartbeatIntake>()
            .AddSingleton<GroupCommit>()
            .AddHostedService<GroupCommitWorker>();
    }

    public static void MapHeartbeats(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").RequireRole(Role.ServerOwner).RequireScope(Scopes.ServersHeartbeat);
        SendHeartbeat.Map(api);
        SendHeartbeats.Map(api);
    }
}
