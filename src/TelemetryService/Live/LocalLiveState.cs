using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Heartbeats;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// Stands in for Redis in one replica: the same decisions, without what other replicas know. The rate limit holds per replica, and
/// whether a server is online is asked of the database once per server. Holds at most one beat per server, until it was brought over.
/// </summary>
internal sealed class LocalLiveState(IOptions<HeartbeatOptions> options)
{
    private readonly Lock gate = new();

    private readonly Dictionary<Guid, Entry> entries = [];

    public Stamp[] Stamp(IReadOnlyList<Beat> beats)
    {
        lock (gate) return [.. beats.Select(Stamp)];
    }

    /// <summary>Takes back what these beats cost of the limit.</summary>
    public void GiveBack(IEnumerable<Beat> beats)
    {
        lock (gate)
        {
            foreach (var beat in beats)
                if (entries.TryGetValue(beat.Server.Id, out var entry)) entry.Due -= options.Value.MinimumInterval;
        }
    }

    public void Mark(IReadOnlyList<Mark> marks)
    {
        lock (gate)
        {
            foreach (var mark in marks)
            {
                if (!entries.TryGetValue(mark.ServerId, out var entry)) continue;
                if (mark.Online is { } online && (!online || mark.Generation == entry.Generation)) entry.Online = online;
                entry.RecordedSlot = mark.RecordedSlot ?? entry.RecordedSlot;
                entry.UptimePct = mark.UptimePct ?? entry.UptimePct;
            }
        }
    }

    /// <summary>Some of the beats that Redis has not got.</summary>
    public IReadOnlyList<Beat> Take(int most)
    {
        lock (gate) return [.. entries.Values.Take(most).Select(entry => entry.Beat)];
    }

    /// <summary>Forgets beats that Redis has now, unless a newer one came meanwhile.</summary>
    public void Forget(IEnumerable<Beat> beats)
    {
        lock (gate)
        {
            foreach (var beat in beats)
                if (entries.TryGetValue(beat.Server.Id, out var entry) && ReferenceEquals(entry.Beat, beat)) entries.Remove(beat.Server.Id);
        }
    }

    private Stamp Stamp(Beat beat)
    {
        var (interval, window) = (options.Value.MinimumInterval, options.Value.MinimumInterval * options.Value.Burst);
        var now = beat.ReceivedAt;
        var known = entries.GetValueOrDefault(beat.Server.Id);
        var due = known is null || known.Due < now ? now : known.Due < now + window ? known.Due : now + window;
        var wait = due + interval - now - window;
        var isOvertaken = known?.Beat.ReceivedAt > now;
        if (wait > TimeSpan.Zero && !isOvertaken && beat.Reading.Stopping && !known!.Beat.Reading.Stopping) (wait, due) = (TimeSpan.Zero, due - interval); // a stop is always taken
        if (wait > TimeSpan.Zero) return new(wait, known!.Online, known.RecordedSlot, known.UptimePct, known.Generation, isOvertaken);

        var entry = known ?? new Entry(beat);
        entry.Due = due + interval;
        if (!isOvertaken) entry.Beat = beat;
        if (!isOvertaken && beat.Reading.Stopping) (entry.Online, entry.Generation) = (false, entry.Generation + 1);
        entries[beat.Server.Id] = entry;
        return new(TimeSpan.Zero, entry.Online, entry.RecordedSlot, entry.UptimePct, entry.Generation, isOvertaken);
    }

    private sealed class Entry(Beat beat)
    {
        public Beat Beat { get; set; } = beat;

        public DateTimeOffset Due { get; set; }

        public bool Online { get; set; }

        public long RecordedSlot { get; set; }

        public double? UptimePct { get; set; }

        public long Generation { get; set; }
    }
}
