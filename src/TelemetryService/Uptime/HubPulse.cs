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
    /// <summary>What a pulse stands for, one part of a slot.</summary>
    public static TimeSpan Interval { get; } = Slots.Length / KnownSlots.PulsesPerSlot;

    private static readonly TimeSpan ShortestGap = 2 * GatewaySign.Interval;

    private DateTimeOffset refreshAt;

    /// <summary>Pause between two looks whether the hub can hear: a pulse, or less where servers go offline soon.</summary>
    public static TimeSpan Pause(LiveOptions options) => TimeSpan.FromSeconds(Math.Clamp(options.OfflineAfter.TotalSeconds / 10, 1, Interval.TotalSeconds));

    /// <summary>
    /// A longer pause is an outage: six pulses, so that a restart of one service is none. Less where servers go offline so soon that this would count as their silence: with
    /// the longest pause between two beats, which is half of the time after which they do, it has to stay below that time.
    /// </summary>
    public static TimeSpan Gap(LiveOptions options) =>
        TimeSpan.FromSeconds(Math.Clamp(options.OfflineAfter.TotalSeconds / 3, ShortestGap.TotalSeconds, 6 * Interval.TotalSeconds));

    /// <summary>
    /// Does nothing but throw while Redis or the database is away: then the sweep cannot tell who is silent. Nothing while heartbeats are refused for want of a store, or
    /// find no gateway that would let them through.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (series.IsLosing) return;
        var now = clock.GetUtcNow();
        if (await HeardUntilAsync(now, stop) is not { } heardUntil) return;
        await queries.PulseAsync(now, heardUntil, Gap(options.Value), stop);
        if (now < refreshAt) return;
        await queries.RefreshKnownAsync(everything: refreshAt == default, now, stop);
        await queries.PruneAsync(now, stop);
        refreshAt = now + TimeSpan.FromMinutes(1);
    }

    /// <summary>Until when heartbeats found their way to the hub: a gateway's sign outlives it, and says how old it is by the time that it has left. Null without a sign.</summary>
    private async Task<DateTimeOffset?> HeardUntilAsync(DateTimeOffset now, CancellationToken stop)
    {
        var left = TimeSpan.FromMilliseconds((await redis.ExecuteAsync("PTTL"u8, [GatewaySign.Key], stop)).AsInteger());
        if (!options.Value.RequireGateway) return now;
        if (left <= TimeSpan.Zero) return null; // -2 ms: there is none
        return left < GatewaySign.Lifetime ? now - (GatewaySign.Lifetime - left) : now;
    }
}

/// <summary>Pulses for as long as the service runs.</summary>
internal sealed partial class HubPulseWorker(HubPulse pulse, IOptions<LiveOptions> options, TimeProvider clock, ILogger<HubPulseWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(HubPulse.Pause(options.Value), clock);
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
