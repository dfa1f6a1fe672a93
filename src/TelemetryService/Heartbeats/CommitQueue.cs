using System.Threading.Channels;
using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>Where requests wait for the next group commit. Bounded: a hub that cannot keep up says so instead of growing.</summary>
internal sealed class CommitQueue(SeriesClock seriesClock, HeartbeatMetrics metrics, IOptions<HeartbeatOptions> options)
{
    private readonly Channel<Beat> beats = Channel.CreateBounded<Beat>(new BoundedChannelOptions(options.Value.QueueCapacity) { SingleReader = true });

    private readonly int commitMaximum = options.Value.CommitMaximumBeats;

    public ChannelReader<Beat> Reader => beats.Reader;

    /// <summary>More beats wait than the next commit takes.</summary>
    public bool IsBehind => beats.Reader.Count > commitMaximum;

    /// <summary>Waits until the heartbeat is stored or refused. A caller that goes away meanwhile changes nothing: its heartbeat is committed all the same, so that the wait need not be cancelled.</summary>
    public Task<BeatResult> CommitAsync(KnownServer server, Reading reading, DateTimeOffset receivedAt)
    {
        var beat = new Beat(server, reading, receivedAt, seriesClock.Next(receivedAt));
        if (beats.Writer.TryWrite(beat)) return beat.Result;
        metrics.Beats(1, "unavailable");
        return Task.FromResult(new BeatResult(BeatOutcome.Unavailable));
    }
}
