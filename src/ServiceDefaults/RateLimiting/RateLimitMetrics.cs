using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Meter <c>PackRelay.RateLimiting</c>. Counted in plain fields that are read when metrics are sent: every request passes here.</summary>
public sealed class RateLimitMetrics
{
    private readonly ConcurrentDictionary<(string Policy, bool IsAllowed, bool IsShared), StrongBox<long>> decisions = new();

    /// <summary>Makes <c>packrelay.rate_limit.decisions</c>: requests counted, by policy, outcome (allowed or refused) and store (redis or local).</summary>
    public RateLimitMetrics(IMeterFactory meters)
    {
        meters.Create("PackRelay.RateLimiting").CreateObservableCounter(
            "packrelay.rate_limit.decisions", Read, "{request}", "Requests counted against a limit, by policy, outcome and where the count was kept.");
    }

    internal void Decided(RateLimitPolicy policy, RateLimitDecision decision, bool isShared) =>
        Interlocked.Increment(ref decisions.GetOrAdd((policy.Name, decision.IsAllowed, isShared), static _ => new StrongBox<long>()).Value);

    private IEnumerable<Measurement<long>> Read() => decisions.Select(decision => new Measurement<long>(
        Volatile.Read(ref decision.Value.Value),
        new("policy", decision.Key.Policy),
        new("outcome", decision.Key.IsAllowed ? "allowed" : "refused"),
        new("store", decision.Key.IsShared ? "redis" : "local")));
}
