namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Counts in this process alone, while the shared counters cannot be reached.</summary>
internal sealed class LocalRateLimiter(TimeProvider clock)
{
    internal const int Capacity = 100_000; // some 15 MB; forgetting a count is better than growing with every address

    private readonly Dictionary<string, WindowCount> counts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public RateLimitDecision Acquire(RateLimitPolicy policy, string key)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var windowMs = (long)policy.Window.TotalMilliseconds;
        lock (gate)
        {
            if (!counts.TryGetValue(key, out var count) && counts.Count >= Capacity) counts.Clear();
            count = count.At(now, windowMs);
            var isAllowed = count.Admits(policy);
            if (isAllowed) count = count with { Current = count.Current + 1 };
            counts[key] = count;
            return count.ToDecision(policy, isAllowed);
        }
    }
}
