using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>
/// Counts requests against limits that all processes share through a short script in Redis. Who asks often is given permits in batches, which are
/// counted before they are given out: a limit is never passed, but a subject that suddenly stops may leave some of its permits unused (see
/// <see cref="PermitLease"/>). Without Redis each process counts for itself: a limit may then be passed as many times over as there are processes, but no
/// request fails or waits for it.
/// </summary>
public sealed partial class SharedRateLimiter(
    RedisClient redis, IOptions<RateLimitOptions> options, RateLimitMetrics metrics, TimeProvider clock, ILogger<SharedRateLimiter> logger)
{
    private const int LeaseCapacity = 100_000; // some 20 MB; a forgotten lease costs its subject a few permits

    private const long RetryPauseMs = 1_000; // while Redis is away, one request a second pays for asking it

    private static readonly RedisScript Script = LoadScript();

    private readonly LocalRateLimiter local = new(clock);
    private readonly ConcurrentDictionary<(string Policy, string Subject), PermitLease> leases = new();
    private readonly TimeSpan storeTimeout = options.Value.StoreTimeout;
    private long askAgainAtMs; // of the system's uptime; while it lies ahead, Redis is not asked
    private int isLocal;

    /// <summary>Counts one request if the limit allows it.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="subject">For whom it is counted; see <see cref="RateLimitSubject"/>.</param>
    /// <param name="stop">Ends the wait.</param>
    public ValueTask<RateLimitDecision> AcquireAsync(RateLimitPolicy policy, string subject, CancellationToken stop)
    {
        if (!leases.TryGetValue((policy.Name, subject), out var lease)) lease = NewLease(policy, subject);
        if (!lease.TryTake(NowMs(), out var decision)) return new(AskAsync(lease, policy, subject, stop));
        metrics.Decided(policy, decision, isShared: true);
        return new(decision);
    }

    private async Task<RateLimitDecision> AskAsync(PermitLease lease, RateLimitPolicy policy, string subject, CancellationToken stop)
    {
        var key = string.Concat("ratelimit:", policy.Name, ":", subject);
        while (MayAsk())
        {
            var grant = await lease.Join(NowMs(), wanted => AskAsync(policy, key, wanted)).WaitAsync(stop);
            if (grant is null) break;
            RateLimitDecision decision;
            if (grant.Permits == 0) decision = grant.Decision;
            else if (!lease.TryTake(NowMs(), out decision)) continue; // others were faster
            metrics.Decided(policy, decision, isShared: true);
            return decision;
        }

        var alone = local.Acquire(policy, key);
        metrics.Decided(policy, alone, isShared: false);
        return alone;
    }

    private async Task<PermitGrant?> AskAsync(RateLimitPolicy policy, string key, int wanted)
    {
        try
        {
            var now = NowMs();
            var asked = redis.ExecuteAsync(Script, [key], [policy.Permits, (long)policy.Window.TotalMilliseconds, now, wanted], CancellationToken.None);
            var reply = (await asked.WaitAsync(storeTimeout)).AsArray();
            var permits = (int)reply[0].AsInteger();
            var count = new WindowCount(reply[1].AsInteger(), reply[2].AsInteger(), reply[3].AsInteger(), reply[4].AsInteger());
            if (Volatile.Read(ref isLocal) == 1 && Interlocked.Exchange(ref isLocal, 0) == 1) Returned();
            return new PermitGrant(permits, count.ToDecision(policy, permits > 0), now);
        }
        catch (Exception error) when (error is RedisUnavailableException or RedisServerException or TimeoutException)
        {
            Volatile.Write(ref askAgainAtMs, Environment.TickCount64 + RetryPauseMs);
            if (Interlocked.Exchange(ref isLocal, 1) == 0) Away(error);
            return null;
        }
    }

    private PermitLease NewLease(RateLimitPolicy policy, string subject)
    {
        if (leases.Count >= LeaseCapacity) leases.Clear();
        return leases.GetOrAdd((policy.Name, subject), _ => new PermitLease(policy));
    }

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private bool MayAsk()
    {
        if (Volatile.Read(ref isLocal) == 0) return true;
        var due = Volatile.Read(ref askAgainAtMs);
        var now = Environment.TickCount64; // the outage is real time, whatever clock the counting goes by
        return now >= due && Interlocked.CompareExchange(ref askAgainAtMs, now + RetryPauseMs, due) == due; // one request asks, the others go on
    }

    private static RedisScript LoadScript()
    {
        using var stream = typeof(SharedRateLimiter).Assembly.GetManifestResourceStream("PackRelay.ServiceDefaults.RateLimiting.SharedRateLimiter.lua")!;
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rate limits are counted by this process alone: Redis did not answer")]
    private partial void Away(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rate limits are shared through Redis again")]
    private partial void Returned();
}
