using System.Diagnostics.Metrics;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Meter <c>PackRelay.RateLimiting</c>.</summary>
public sealed class RateLimitMetrics
{
    private static readonly KeyValuePair<string, object?> Shared = new("store", "redis");
    private static readonly KeyValuePair<string, object?> Local = new("store", "local");

    private readonly Counter<long> decisions;

    /// <summary>Makes <c>packrelay.rate_limit.decisions</c>: requests counted, by policy, outcome (allowed or refused) and store (redis or local).</summary>
    public RateLimitMetrics(IMeterFactory meters)
    {
        decisions = meters.Create("PackRelay.RateLimiting").CreateCounter<long>(
            "packrelay.rate_limit.decisions", "{request}", "Requests counted against a limit, by policy, outcome and where the count was kept.");
    }

    internal void Decided(RateLimitPolicy policy, RateLimitDecision decision, bool isShared) => decisions.Add(
        1,
        new("policy", policy.Name),
        new("outcome", decision.IsAllowed ? "allowed" : "refused"),
        isShared ? Shared : Local);
}
