using System.Diagnostics.Metrics;

namespace PackRelay.TelemetryService.Spool;

internal sealed class SpoolMetrics
{
    private readonly Counter<long> appended;

    private readonly Counter<long> replayed;

    private readonly Counter<long> refused;

    private long depth;

    public SpoolMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PackRelay.Telemetry");
        appended = meter.CreateCounter<long>("packrelay.metrics_spool.appended", "{batch}", "Batches that went to the spool because InfluxDB did not take them");
        replayed = meter.CreateCounter<long>("packrelay.metrics_spool.replayed", "{batch}", "Spooled batches that InfluxDB has taken since");
        refused = meter.CreateCounter<long>("packrelay.metrics_spool.refused", "{batch}", "Spooled batches that InfluxDB refuses for ever; they wait in metrics-spool_error");
        meter.CreateObservableGauge("packrelay.metrics_spool.depth", () => Volatile.Read(ref depth), "{batch}", "Batches that wait in the spool, as last seen by this replica");
    }

    public void Appended() => appended.Add(1);

    public void Replayed() => replayed.Add(1);

    public void Refused() => refused.Add(1);

    public void Depth(long batches) => Volatile.Write(ref depth, batches);
}
