using System.Diagnostics.Metrics;

namespace PackRelay.Gateway.Answers;

/// <summary>Meter <c>PackRelay.Gateway.Cache</c>.</summary>
internal sealed class AnswerMetrics
{
    private readonly Counter<long> evictions;
    private readonly UpDownCounter<long> bytes;
    private long hits; // these are read when metrics are sent: a hit takes little longer than counting it in the instrument would
    private long joins;
    private long misses;

    public AnswerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PackRelay.Gateway.Cache");
        meter.CreateObservableCounter(
            "packrelay.gateway.cache.requests", ReadRequests, "{request}", "Requests for answers that may be kept, by outcome: hit, joined (waited for another request's answer) or miss.");
        evictions = meter.CreateCounter<long>("packrelay.gateway.cache.evictions", "{answer}", "Answers dropped, by reason: changed, capacity or expired.");
        bytes = meter.CreateUpDownCounter<long>("packrelay.gateway.cache.size", "By", "Memory of the kept answers, compressed copies included.");
    }

    public void Hits() => Interlocked.Increment(ref hits);

    public void Joins() => Interlocked.Increment(ref joins);

    public void Misses() => Interlocked.Increment(ref misses);

    public void Evicted(string reason, int count) => evictions.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void Grew(long by) => bytes.Add(by);

    private IEnumerable<Measurement<long>> ReadRequests() =>
    [
        new(Volatile.Read(ref hits), new KeyValuePair<string, object?>("outcome", "hit")),
        new(Volatile.Read(ref joins), new KeyValuePair<string, object?>("outcome", "joined")),
        new(Volatile.Read(ref misses), new KeyValuePair<string, object?>("outcome", "miss")),
    ];
}
