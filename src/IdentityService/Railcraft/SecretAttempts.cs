using System.Collections.Concurrent;
using System.Net;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Railcraft;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.IdentityService.Railcraft;

/// <summary>
/// Counts how often secrets are tried for a client from one address. A secret that was right a while ago is not counted again: clients show theirs with every request. It is looked up all the same, so
/// that what is remembered here lets nobody in. By address too: else a stranger who knows an id could keep its owner out.
/// </summary>
internal sealed class SecretAttempts(SharedRateLimiter limiter, RateLimitPolicies limits, TimeProvider clock)
{
    private const int Capacity = 100_000; // some 20 MB; who is forgotten is counted once more

    private static readonly TimeSpan ProvenFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> proven = new(StringComparer.Ordinal);

    /// <summary>Counts an attempt; when to try again if there were too many, else null.</summary>
    public async Task<TimeSpan?> RefusalAsync(ClientKey key, CancellationToken stop)
    {
        if (proven.TryGetValue(NameOf(key), out var at) && clock.GetUtcNow() - at < ProvenFor) return null;
        var subject = RateLimitSubject.Of(IPAddress.TryParse(key.Address, out var address) ? address : null);
        var attempt = await limiter.AcquireAsync(limits.ClientSecret, RateLimitSubject.OfText($"{key.ClientId}\n{subject}"), stop);
        return attempt.IsAllowed ? null : attempt.ResetAfter > TimeSpan.FromSeconds(1) ? attempt.ResetAfter : TimeSpan.FromSeconds(1);
    }

    /// <summary>The secret was right.</summary>
    public void Prove(ClientKey key)
    {
        if (proven.Count >= Capacity) proven.Clear();
        proven[NameOf(key)] = clock.GetUtcNow();
    }

    private static string NameOf(ClientKey key) => Convert.ToBase64String(SecretHash.Of($"{key.ClientId}\n{key.ClientSecret}"));
}
