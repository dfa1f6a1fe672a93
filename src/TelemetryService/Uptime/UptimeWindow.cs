using System.Collections;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>Computes the uptime of a server over 7 days.</summary>
internal static class UptimeWindow
{
    /// <summary>
    /// Share of slots with a beat, 0 to 100 with one decimal. A slot counts when a beat was heard in it, or when the hub was able to hear one and
    /// did not. The current slot and the one of the registration count only with a beat: they are not over, or were not whole.
    /// </summary>
    /// <param name="beats">The server's slots by UTC day.</param>
    /// <param name="hubCouldHear">Whether the hub itself received during a slot.</param>
    /// <param name="createdAt">When the server was registered.</param>
    /// <param name="now">The current time.</param>
    public static double Percent(IReadOnlyDictionary<DateOnly, BitArray> beats, Func<long, bool> hubCouldHear, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var current = Slots.Of(now);
        var created = Slots.Of(createdAt);
        var (heard, counted) = (0, 0);
        for (var slot = Math.Max(current - Slots.Window + 1, created); slot <= current; slot++)
        {
            if (beats.TryGetValue(Slots.DayOf(slot), out var day) && day[Slots.InDay(slot)]) (heard, counted) = (heard + 1, counted + 1);
            else if (slot != current && slot != created && hubCouldHear(slot)) counted++;
        }

        return counted == 0 ? 0 : Math.Round(100.0 * heard / counted, 1, MidpointRounding.AwayFromZero);
    }
}
