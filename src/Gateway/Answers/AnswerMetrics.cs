using System.Diagnostics.Metrics;

namespace PackRelay.Gateway.Answers;

/// <summary>Meter <c>PackRelay.Gateway.Cache</c>.</summary>
internal sealed class AnswerMetrics
{
    private static readonly KeyValuePair<string, object?> Hit = new("outcome", "hit");
    private static readonly KeyValuePair<string, object?> Joined = new("outcome", "joined");
    private static readonly KeyValuePair<string, object?> Miss = new("outcome", "miss");

    private readonly Counter<long> requests;
    private readonly Counter<long> evictions;
    private readonly UpDownCounter<long> bytes;

    public AnswerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PackRelay.Gateway.Cache");
        requests = meter.CreateCounter<long>(
            "packrelay.gateway.cache.requests", "{request}", "Requests for answers that may be kept, by outcome: hit, joined (waited for another request's answer) or miss.");
        evictions = meter.CreateCounter<long>("packrelay.gateway.cache.evictions", "{answer}", "Answers dropped, by reason: changed, capacity or expired.");
        bytes = meter.CreateUpDownCounter<long>("packrelay.gateway.cache.size", "By", "Memory of the kept answers, compressed copies included.");
    }

    public void Hits() => requests.Add(1, Hit);

    public void Joins() => requests.Add(1, Joined);

    public void Misses() => requests.Add(1, Miss);

    public void Evicted(string reason, int count) => evictions.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void Grew(long by) => bytes.Add(by);
}
