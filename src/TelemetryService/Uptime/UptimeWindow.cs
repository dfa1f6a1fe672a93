using System.Collections;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>Computes the uptime of a server over a stretch of slots.</summary>
internal static class UptimeWindow
{
    /// <summary>Uptime over the last 7 days, or since the registration; 0 when nothing is known.</summary>
    public static double Percent(IReadOnlyDictionary<DateOnly, BitArray> beats, Func<long, bool> hubCouldHear, DateTimeOffset createdAt, DateTimeOffset now) =>
        Percent(Slots.Of(now) - Slots.Window + 1, Slots.Of(now), beats, hubCouldHear, createdAt, now) ?? 0;

    /// <summary>Uptime of one UTC day; null before the registration and when nothing is known of the day.</summary>
    public static double? DayPercent(DateOnly day, IReadOnlyDictionary<DateOnly, BitArray> beats, Func<long, bool> hubCouldHear, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var first = Slots.FirstOf(day);
        return Percent(first, first + Slots.PerDay - 1, beats, hubCouldHear, createdAt, now);
    }

    /// <summary>
    /// Share of slots with a beat, 0 to 100 with one decimal. A slot counts when a beat was heard in it, or when the hub was able to hear one and
    /// did not. The current slot and the one of the registration count only with a beat: they are not over, or were not whole.
    /// </summary>
    /// <param name="from">First slot.</param>
    /// <param name="to">Last slot; later ones than the current do not count.</param>
    /// <param name="beats">The server's slots by UTC day.</param>
    /// <param name="hubCouldHear">Whether the hub itself received during a slot.</param>
    /// <param name="createdAt">When the server was registered.</param>
    /// <param name="now">The current time.</param>
    private static double? Percent(long from, long to, IReadOnlyDictionary<DateOnly, BitArray> beats, Func<long, bool> hubCouldHear, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var current = Slots.Of(now);
        var created = Slots.Of(createdAt);
        var (heard, counted) = (0, 0);
        BitArray? day = null;
        for (var slot = Math.Max(from, created); slot <= Math.Min(to, current); slot++)
        {
            if (day is null || Slots.InDay(slot) == 0) day = beats.GetValueOrDefault(Slots.DayOf(slot)) ?? Nothing;
            if (day[Slots.InDay(slot)]) (heard, counted) = (heard + 1, counted + 1);
            else if (slot != current && slot != created && hubCouldHear(slot)) counted++;
        }

        return counted == 0 ? null : Math.Round(100.0 * heard / counted, 1, MidpointRounding.AwayFromZero);
    }

    private static readonly BitArray Nothing = new(Slots.PerDay);
}
