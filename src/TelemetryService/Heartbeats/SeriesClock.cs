using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>
/// Time stamps for the series. A point of the same series and time replaces the one before, so no two beats may share a time: within a replica each
/// stamp is later than the last, and the last two digits of the nanoseconds, which the clock does not fill, tell replicas apart.
/// </summary>
internal sealed class SeriesClock
{
    private readonly int replica = Random.Shared.Next((int)(TimeSpan.NanosecondsPerTick));

    private long last;

    public long Next(DateTimeOffset now)
    {
        var ticks = InfluxClient.ToNanoseconds(now) / TimeSpan.NanosecondsPerTick;
        while (true)
        {
            var seen = Volatile.Read(ref last);
            var next = Math.Max(ticks, seen + 1);
            if (Interlocked.CompareExchange(ref last, next, seen) == seen) return next * TimeSpan.NanosecondsPerTick + replica;
        }
    }
}
