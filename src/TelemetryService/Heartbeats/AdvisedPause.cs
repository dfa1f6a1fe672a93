using System.Buffers.Binary;
using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Live;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>
/// When a server should beat next. Time is cut into periods as long as the shortest pause, and every server has a moment of its own in each of them that
/// follows from its id. It is told to come at the first one that is a whole period away, so that servers which were started together, or go by a clock, are
/// spread evenly from their second beat on, whichever replica they ask. While this replica is behind, those that are spread already leave one out.
/// </summary>
internal sealed class AdvisedPause
{
    private readonly CommitQueue queue;

    private readonly int shortestSeconds;

    private readonly int longestSeconds;

    public AdvisedPause(CommitQueue queue, IOptions<HeartbeatOptions> options, IOptions<LiveOptions> live)
    {
        this.queue = queue;
        // Twice the longest pause fits into the silence that takes a server offline, so a beat may be lost on the way. A pause that would be refused as too short is no use, though.
        var (wanted, bearable) = (options.Value.AdvisedInterval, live.Value.OfflineAfter / 4);
        shortestSeconds = Math.Max((int)(wanted < bearable ? wanted : bearable).TotalSeconds, (int)Math.Ceiling(options.Value.MinimumInterval.TotalSeconds));
        longestSeconds = Math.Max(shortestSeconds, Math.Min(2 * shortestSeconds, (int)(2 * bearable).TotalSeconds));
    }

    /// <summary>Seconds from a beat of a server to its next one.</summary>
    public int SecondsFor(Guid serverId, DateTimeOffset receivedAt) => SecondsFor(serverId, receivedAt, queue.IsBehind);

    internal int SecondsFor(Guid serverId, DateTimeOffset receivedAt, bool isBehind)
    {
        // Around the start of a period it is left quiet: with periods that fit into a minute, those that go by a clock beat there.
        var quiet = shortestSeconds / 8;
        var moment = quiet + (int)(Lot(serverId) % (uint)(shortestSeconds - (2 * quiet)));
        var sinceStart = (int)(receivedAt.ToUnixTimeSeconds() % shortestSeconds);
        var later = (moment - sinceStart + shortestSeconds) % shortestSeconds;
        if (later == 0 && isBehind) later = shortestSeconds;
        return Math.Min(shortestSeconds + later, longestSeconds);
    }

    /// <summary>The last bytes of an id are random in every version of it.</summary>
    private static uint Lot(Guid serverId)
    {
        Span<byte> bytes = stackalloc byte[16];
        serverId.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
    }
}
