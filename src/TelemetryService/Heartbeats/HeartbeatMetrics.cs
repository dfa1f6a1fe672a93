using System.Diagnostics.Metrics;

namespace PackRelay.TelemetryService.Heartbeats;

internal sealed class HeartbeatMetrics
{
    private readonly Counter<long> beats;

    private readonly Histogram<int> batchSize;

    private readonly Histogram<double> commitDuration;

    public HeartbeatMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PackRelay.Telemetry");
        beats = meter.CreateCounter<long>("packrelay.heartbeats", "{heartbeat}", "Valid heartbeats by outcome: stored, rate_limited, unavailable");
        batchSize = meter.CreateHistogram<int>("packrelay.heartbeat.batch_size", "{heartbeat}", "Heartbeats in one group commit");
        commitDuration = meter.CreateHistogram<double>("packrelay.heartbeat.commit.duration", "s", "Duration of one group commit");
    }

    public void Beats(int count, string outcome)
    {
        if (count > 0) beats.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Committed(int size, TimeSpan duration)
    {
        batchSize.Record(size);
        commitDuration.Record(duration.TotalSeconds);
    }
}
