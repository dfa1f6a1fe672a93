using System.Diagnostics.Metrics;

namespace PackRelay.WebhookService.Deliveries;

internal sealed class DeliveryMetrics
{
    public const string MeterName = "PackRelay.Webhooks";

    private readonly Counter<long> attempts;

    private readonly Histogram<double> firstAttemptLatency;

    private readonly Gauge<long> backlog;

    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        attempts = meter.CreateCounter<long>("packrelay.webhooks.attempts", "{attempt}", "Attempts to deliver, by outcome: delivered, retry, failed or gone");
        firstAttemptLatency = meter.CreateHistogram(
            "packrelay.webhooks.first_attempt.latency", "s", "Time from an event to the begin of its first attempt",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60] });
        backlog = meter.CreateGauge<long>("packrelay.webhooks.backlog", "{delivery}", "Deliveries that are due and not under way");
    }

    /// <summary>Whether anybody reads the backlog; counting it costs a query.</summary>
    public bool WantsBacklog => backlog.Enabled;

    public void Attempted(Outcome outcome)
    {
        attempts.Add(1, new KeyValuePair<string, object?>("outcome", Name(outcome.Verdict)));
        if (outcome.Delivery.Attempts == 0) firstAttemptLatency.Record((outcome.Attempt.At - outcome.Delivery.OccurredAt).TotalSeconds);
    }

    public void Backlog(long due) => backlog.Record(due);

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Delivered => "delivered",
        Verdict.Retry => "retry",
        Verdict.Gone => "gone",
        _ => "failed",
    };
}
