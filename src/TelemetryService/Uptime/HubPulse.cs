using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Discovery;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Spool;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>
/// Writes down, while it is so, that the hub is able to receive heartbeats and to remember them. What is not written down was an outage of
/// the hub: unknown, and nobody's fault.
/// </summary>
internal sealed class HubPulse(UptimeQueries queries, RedisClient redis, SeriesWriter series, IOptions<LiveOptions> options, TimeProvider clock)
{
    /// <summary>Pause between two pulses, one part of a slot.</summary>
    public static TimeSpan Interval { get; } = Slots.Length / KnownSlots.PulsesPerSlot;

    private DateTimeOffset refreshAt;

    /// <summary>A longer pause is an outage: six pulses, so that a restart of one service is none; fewer where servers go offline so soon that this would count as their silence.</summary>
    public static TimeSpan Gap(LiveOptions options) => Interval * Math.Clamp(options.OfflineAfter / (4 * Interval), 2, 6);

    /// <summary>
    /// Does nothing but throw while Redis or the database is away: then the sweep cannot tell who is silent. Nothing while heartbeats are refused for want of a store, or
    /// find no gateway that would let them through.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (series.IsLosing) return;
        var isOpen = await redis.GetAsync(GatewaySign.Key, stop) is not null;
        if (options.Value.RequireGateway && !isOpen) return;
        var now = clock.GetUtcNow();
        await queries.PulseAsync(now, Gap(options.Value), stop);
        if (now < refreshAt) return;
        await queries.RefreshKnownAsync(everything: refreshAt == default, now, stop);
        await queries.PruneAsync(now, stop);
        refreshAt = now + TimeSpan.FromMinutes(1);
    }
}

/// <summary>Pulses for as long as the service runs.</summary>
internal sealed partial class HubPulseWorker(HubPulse pulse, TimeProvider clock, ILogger<HubPulseWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(HubPulse.Interval, clock);
        do
        {
            try
            {
                await pulse.RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PulseFailed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub could not record that it receives; the time until it can again counts as unknown")]
    private partial void PulseFailed(Exception error);
}
