using System.Diagnostics;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Spool;

/// <summary>Stores points durably: in InfluxDB, or in the spool while InfluxDB does not take them.</summary>
internal sealed partial class SeriesWriter(InfluxClient influx, MetricsSpool spool, SpoolMetrics metrics, ILogger<SeriesWriter> logger)
{
    /// <summary>After a failed write the next ones go straight to the spool, so that a hanging InfluxDB does not cost every batch its time-out.</summary>
    private static readonly TimeSpan Detour = TimeSpan.FromSeconds(1);

    private long detourUntil;

    private bool failing;

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
                return true;
            }

            if (!failing) Spooling(written); // once per outage
            failing = true;
            detourUntil = Stopwatch.GetTimestamp() + (long)(Detour.TotalSeconds * Stopwatch.Frequency);
        }

        if (!await spool.TryAppendAsync(lines, stop)) return false;
        metrics.Appended();
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "InfluxDB does not take points ({Outcome}); they go to the spool")]
    private partial void Spooling(InfluxWrite outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "InfluxDB takes points again")]
    private partial void Recovered();
}
