using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Options;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.TelemetryService.Heartbeats;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// Tells the catalog who beat: at most one <see cref="ServersLive"/> per interval, with the newest beat of each server. It is not in the outbox:
/// what one of them misses the next beat brings again, and every change of status has an event of its own.
/// </summary>
internal sealed class LiveAnnouncer(IBus bus, TimeProvider clock)
{
    /// <summary>Some megabytes of JSON; what is beyond waits for the next event.</summary>
    private const int MostServersPerEvent = 20_000;

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5); // with the broker away a publish waits for it

    private readonly Lock gate = new();

    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private Dictionary<Guid, LiveServer> changed = [];

    public void Note(Beat beat, double uptimePct) => Note(new LiveServer(
        beat.Server.Id, beat.Reading.CurrentPlayers, beat.Reading.MaxPlayers, beat.ReceivedAt, Online: !beat.Reading.Stopping, uptimePct));

    public void Note(LiveServer live)
    {
        lock (gate)
        {
            if (changed.Count == 0) signal.Writer.TryWrite(true);
            if (!changed.TryGetValue(live.ServerId, out var known) || known.LastSeenAt <= live.LastSeenAt) changed[live.ServerId] = live;
        }
    }

    /// <summary>Returns when something is noted.</summary>
    public async Task WaitAsync(CancellationToken stop) => await signal.Reader.ReadAsync(stop);

    /// <summary>Publishes what was noted since the last time. What cannot be published is noted again.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Dictionary<Guid, LiveServer> taken;
        lock (gate) (taken, changed) = (changed, []);
        LiveServer[] servers = [.. taken.Values.Take(MostServersPerEvent)];
        NoteAgain(taken.Values.Skip(MostServersPerEvent));
        if (servers.Length == 0) return;
        try
        {
            await PublishAsync(servers, stop);
        }
        catch
        {
            NoteAgain(servers);
            throw;
        }
    }

    /// <summary>A newer beat stays.</summary>
    private void NoteAgain(IEnumerable<LiveServer> servers)
    {
        lock (gate)
        {
            foreach (var server in servers) changed.TryAdd(server.ServerId, server);
            if (changed.Count > 0) signal.Writer.TryWrite(true);
        }
    }

    private async Task PublishAsync(LiveServer[] servers, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(PublishTimeout);
        var now = clock.GetUtcNow();
        await bus.PublishEventAsync(new ServersLive(Guid.CreateVersion7(now), now, servers), limit.Token);
    }
}

/// <summary>Announces what is new: at once after a pause, and at a steady pace while beats come.</summary>
internal sealed partial class LiveAnnouncerWorker(LiveAnnouncer announcer, IOptions<LiveOptions> options, TimeProvider clock, ILogger<LiveAnnouncerWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20); // servers that beat together are announced together

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var next = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            await announcer.WaitAsync(stoppingToken);
            var wait = next - clock.GetUtcNow();
            await Task.Delay(wait > Gathering ? wait : Gathering, clock, stoppingToken);
            next = clock.GetUtcNow() + options.Value.AnnounceInterval;
            try
            {
                await announcer.RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                AnnounceFailed(error); // the next announcement tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live state could not be announced; it goes with the next announcement")]
    private partial void AnnounceFailed(Exception error);
}
