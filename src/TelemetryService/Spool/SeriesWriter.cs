using System.Diagnostics;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Spool;

/// <summary>Stores points durably: in InfluxDB, or in the spool while InfluxDB does not take them.</summary>
internal sealed partial class SeriesWriter(InfluxClient influx, MetricsSpool spool, SpoolMetrics metrics, ILogger<SeriesWriter> logger)
{
    /// <summary>After a failed write the next ones go straight to the spool, so that a hanging InfluxDB does not cost every batch its time-out.</summary>
    private static readonly TimeSpan Detour = TimeSpan.FromSeconds(1);

    /// <summary>How long a refusal speaks for: while nobody beats there is nothing to learn from.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private long detourUntil;

    private long lostUntil;

    private bool failing;

    /// <summary>Neither store took points a moment ago: heartbeats are being refused, and nobody's silence means anything.</summary>
    public bool IsLosing => Stopwatch.GetTimestamp() < Volatile.Read(ref lostUntil);

    /// <summary>True when the points are safe; false when neither store takes them. One caller at a time.</summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        if (Stopwatch.GetTimestamp() >= detourUntil)
        {
            var written = await influx.WriteAsync(lines, stop);
            if (written == InfluxWrite.Stored)
            {
                if (failing) Recovered();
                failing = false;
                Volatile.Write(ref lostUntil, 0);
                return true;
            }

            if (!failing) Spooling(written); // once per outage
            failing = true;
            detourUntil = Stopwatch.GetTimestamp() + (long)(Detour.TotalSeconds * Stopwatch.Frequency);
        }

        if (!await spool.TryAppendAsync(lines, stop))
        {
            Volatile.Write(ref lostUntil, Stopwatch.GetTimestamp() + (long)(Memory.TotalSeconds * Stopwatch.Frequency));
            return false;
        }

        Volatile.Write(ref lostUntil, 0);
        metrics.Appended();
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "InfluxDB does not take points ({Outcome}); they go to the spool")]
    private partial void Spooling(InfluxWrite outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "InfluxDB takes points again")]
    private partial void Recovered();
}
