using System.Diagnostics;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Spool;

/// <summary>
/// Stores points durably: in InfluxDB, or in the spool while InfluxDB does not take them. After a failed write batches go straight to the spool; copies of them
/// probe InfluxDB meanwhile, one at a time, so that of a whole outage only one batch waits through a time-out, however InfluxDB hangs.
/// </summary>
internal sealed partial class SeriesWriter(InfluxClient influx, MetricsSpool spool, SpoolMetrics metrics, TimeProvider clock, ILogger<SeriesWriter> logger)
{
    /// <summary>Pause between two probes.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a refusal speaks for: while nobody beats there is nothing to learn from, and servers are advised to pause for up to two minutes.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(3);

    private long probeAt;

    private long lostUntilTicks;

    private bool failing;

    private Task<InfluxWrite>? probe;

    /// <summary>Neither store took points a moment ago: heartbeats are being refused, and nobody's silence means anything.</summary>
    public bool IsLosing => clock.GetUtcNow().UtcTicks < Volatile.Read(ref lostUntilTicks);

    /// <summary>True when the points are safe; false when neither store takes them. One caller at a time.</summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        var isTried = !failing || IsBack();
        if (isTried && await TryInfluxAsync(lines, stop)) return true;
        if (await spool.TryAppendAsync(lines, stop))
        {
            Volatile.Write(ref lostUntilTicks, 0);
            metrics.Appended();
            if (!isTried) Probe(lines, stop);
            return true;
        }

        if (!isTried && await TryInfluxAsync(lines, stop)) return true; // no probe told yet that it is back
        Volatile.Write(ref lostUntilTicks, (clock.GetUtcNow() + Memory).UtcTicks);
        return false;
    }

    private async Task<bool> TryInfluxAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        var written = await influx.WriteAsync(lines, stop);
        if (written == InfluxWrite.Stored)
        {
            if (failing) Recovered();
            (failing, probe) = (false, null);
            Volatile.Write(ref lostUntilTicks, 0);
            return true;
        }

        if (!failing) Spooling(written); // once per outage
        (failing, probe, probeAt) = (true, null, After(ProbeInterval));
        return false;
    }

    private bool IsBack() => probe is { IsCompletedSuccessfully: true, Result: InfluxWrite.Stored };

    /// <summary>Writes points that are safe already: should InfluxDB take them, the replay changes nothing.</summary>
    private void Probe(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        if (probe is { IsCompleted: false } || IsBack() || Stopwatch.GetTimestamp() < probeAt) return;
        probe = influx.WriteAsync(lines.ToArray(), stop); // the caller's memory is the next batch's
        probeAt = After(ProbeInterval);
    }

    private static long After(TimeSpan time) => Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "InfluxDB does not take points ({Outcome}); they go to the spool")]
    private partial void Spooling(InfluxWrite outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "InfluxDB takes points again")]
    private partial void Recovered();
}
