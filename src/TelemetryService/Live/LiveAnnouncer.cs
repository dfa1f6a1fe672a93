using MassTransit;
using Microsoft.Extensions.Options;
using PackRelay.Contracts;
using PackRelay.TelemetryService.Heartbeats;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// Tells the catalog who beat: at most one <see cref="ServersLive"/> per interval, with the newest beat of each server. It is not in the outbox:
/// what one of them misses the next beat brings again, and every change of status has an event of its own.
/// </summary>
internal sealed class LiveAnnouncer(IBus bus, TimeProvider clock)
{
    private const int MostServersPerEvent = 5_000;

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5); // with the broker away a publish waits for it

    private readonly Lock gate = new();

    private Dictionary<Guid, LiveServer> changed = [];

    public void Note(Beat beat, double uptimePct)
    {
        var live = new LiveServer(
            beat.Server.Id, beat.Reading.CurrentPlayers, beat.Reading.MaxPlayers, beat.ReceivedAt, Online: !beat.Reading.Stopping, uptimePct);
        lock (gate)
            if (!changed.TryGetValue(live.ServerId, out var known) || known.LastSeenAt <= live.LastSeenAt) changed[live.ServerId] = live;
    }

    /// <summary>Publishes what was noted since the last time. What cannot be published is noted again.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Dictionary<Guid, LiveServer> taken;
        lock (gate) (taken, changed) = (changed, []);
        foreach (var servers in taken.Values.Chunk(MostServersPerEvent))
        {
            try
            {
                await PublishAsync(servers, stop);
            }
            catch
            {
                lock (gate)
                    foreach (var server in servers) changed.TryAdd(server.ServerId, server);
                throw;
            }
        }
    }

    private async Task PublishAsync(LiveServer[] servers, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(PublishTimeout);
        var now = clock.GetUtcNow();
        var live = new ServersLive(Guid.CreateVersion7(now), now, servers);
        await bus.Publish(live, context => context.MessageId = live.EventId, limit.Token);
    }
}

/// <summary>Announces at a steady pace.</summary>
internal sealed partial class LiveAnnouncerWorker(LiveAnnouncer announcer, IOptions<LiveOptions> options, TimeProvider clock, ILogger<LiveAnnouncerWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.AnnounceInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await announcer.RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                AnnounceFailed(error); // the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live state could not be announced; it goes with the next announcement")]
    private partial void AnnounceFailed(Exception error);
}
