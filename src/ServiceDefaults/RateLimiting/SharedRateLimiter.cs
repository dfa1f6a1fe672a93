using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>
/// Counts requests against limits that all processes share: one short script in Redis per decision. Without Redis each process counts for
/// itself: a limit may then be passed as many times over as there are processes, but no request fails or waits for it.
/// </summary>
public sealed partial class SharedRateLimiter(
    RedisClient redis, IOptions<RateLimitOptions> options, RateLimitMetrics metrics, TimeProvider clock, ILogger<SharedRateLimiter> logger)
{
    private const long RetryPauseMs = 1_000; // while Redis is away, one request a second pays for asking it

    private static readonly RedisScript Script = LoadScript();

    private readonly LocalRateLimiter local = new(clock);
    private readonly TimeSpan storeTimeout = options.Value.StoreTimeout;
    private long askAgainAtMs; // of the system's uptime; while it lies ahead, Redis is not asked
    private int isLocal;

    /// <summary>Counts one request if the limit allows it.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="subject">For whom it is counted; see <see cref="RateLimitSubject"/>.</param>
    /// <param name="stop">Ends the wait.</param>
    public async ValueTask<RateLimitDecision> AcquireAsync(RateLimitPolicy policy, string subject, CancellationToken stop)
    {
        var key = string.Concat("ratelimit:", policy.Name, ":", subject);
        var shared = MayAsk() ? await AskAsync(policy, key, stop) : null;
        var decision = shared ?? local.Acquire(policy, key);
        metrics.Decided(policy, decision, isShared: shared is not null);
        return decision;
    }

    private async ValueTask<RateLimitDecision?> AskAsync(RateLimitPolicy policy, string key, CancellationToken stop)
    {
        try
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var asked = redis.ExecuteAsync(Script, [key], [policy.Permits, (long)policy.Window.TotalMilliseconds, now], CancellationToken.None);
            var reply = (await asked.WaitAsync(storeTimeout, stop)).AsArray();
            var count = new WindowCount(reply[1].AsInteger(), reply[2].AsInteger(), reply[3].AsInteger(), reply[4].AsInteger());
            if (Volatile.Read(ref isLocal) == 1 && Interlocked.Exchange(ref isLocal, 0) == 1) Returned();
            return count.ToDecision(policy, reply[0].AsInteger() == 1);
        }
        catch (Exception error) when (error is RedisUnavailableException or RedisServerException or TimeoutException)
        {
            Volatile.Write(ref askAgainAtMs, Environment.TickCount64 + RetryPauseMs);
            if (Interlocked.Exchange(ref isLocal, 1) == 0) Away(error);
            return null;
        }
    }

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
