using System.Diagnostics;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Tests.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

/// <summary>What holds while Redis is dead or frozen.</summary>
public sealed class RateLimiterFaultTests : IAsyncLifetime
{
    private static readonly RateLimitPolicy FiveAMinute = new("test", 5, TimeSpan.FromMinutes(1));

    private readonly PrivateRedis redis = new();

    private readonly SteppedClock clock = new();

    [Fact]
    public async Task Acquire_WhileRedisIsDead_CountsLocallyAndSharesAgainAfterwards()
    {
        await using var host = LimiterHost.Patient(redis, clock); // an answer that a busy machine gives late would be counted here
        await host.Redis.ConnectAsync();
        Assert.True((await AcquireAsync(host)).IsAllowed);
        await redis.KillAsync();

        var decisions = new List<bool>(); // what Redis had counted is not known here
        for (var i = 0; i < 6; i++) decisions.Add((await AcquireAsync(host)).IsAllowed);
        Assert.Equal([true, true, true, true, true, false], decisions);

        await redis.StartAsync();
        await using var other = new LimiterHost(redis.ConnectionString, clock);
        await Wait.UntilAsync(
            async () =>
            {
                await AcquireAsync(host);
                return (await other.Redis.ExecuteAsync("EXISTS"u8, ["ratelimit:test:someone"])).AsInteger() == 1;
            },
            "the count is in Redis again");
    }

    [Fact]
    public async Task Acquire_WhileRedisIsFrozen_WaitsOnceForAMomentAndThenNotAtAll()
    {
        await using var host = new LimiterHost(redis.ConnectionString, clock, ("RateLimits:StoreTimeout", "00:00:00.500"));
        await host.Redis.ConnectAsync();
        Assert.True((await AcquireAsync(host)).IsAllowed);
        await redis.FreezeAsync();
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 200; i++) await AcquireAsync(host);

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(50)); // 200 waits would take 100 s
        await redis.ThawAsync();
    }

    public Task InitializeAsync() => redis.InitializeAsync();

    public Task DisposeAsync() => redis.DisposeAsync();

    private static async Task<RateLimitDecision> AcquireAsync(LimiterHost host) => await host.Limiter.AcquireAsync(FiveAMinute, "someone", CancellationToken.None);
}
