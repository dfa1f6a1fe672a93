using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Meter <c>PackRelay.RateLimiting</c>. Counted in plain fields that are read when metrics are sent: every request passes here.</summary>
public sealed class RateLimitMetrics
{
    private readonly ConcurrentDictionary<string, Counts> byPolicy = new(StringComparer.Ordinal);

    /// <summary>Makes <c>packrelay.rate_limit.decisions</c>: requests counted, by policy, outcome (allowed or refused) and store (redis or local).</summary>
    public RateLimitMetrics(IMeterFactory meters)
    {
        meters.Create("PackRelay.RateLimiting").CreateObservableCounter(
            "packrelay.rate_limit.decisions", Read, "{request}", "Requests counted against a limit, by policy, outcome and where the count was kept.");
    }

    internal void Decided(RateLimitPolicy policy, RateLimitDecision decision, bool isShared)
    {
        var counts = byPolicy.GetOrAdd(policy.Name, static _ => new Counts());
        Interlocked.Increment(ref counts.Of(decision.IsAllowed, isShared));
    }

    private IEnumerable<Measurement<long>> Read() => byPolicy.SelectMany(policy => policy.Value.Read(policy.Key));

    private sealed class Counts
    {
        private long allowedShared;
        private long allowedLocal;
        private long refusedShared;
        private long refusedLocal;

        public ref long Of(bool isAllowed, bool isShared)
        {
            if (isAllowed) return ref isShared ? ref allowedShared : ref allowedLocal;
            return ref isShared ? ref refusedShared : ref refusedLocal;
        }

        public IEnumerable<Measurement<long>> Read(string policy) =>
            from outcome in new[] { (Name: "allowed", Shared: Volatile.Read(ref allowedShared), Local: Volatile.Read(ref allowedLocal)), (Name: "refused", Shared: Volatile.Read(ref refusedShared), Local: Volatile.Read(ref refusedLocal)) }
            from store in new[] { (Name: "redis", Count: outcome.Shared), (Name: "local", Count: outcome.Local) }
            where store.Count > 0
            select new Measurement<long>(store.Count, new("policy", policy), new("outcome", outcome.Name), new("store", store.Name));
    }
}
