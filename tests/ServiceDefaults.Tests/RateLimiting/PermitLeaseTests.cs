using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Tests.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

/// <summary>Permits in batches: fewer questions, and still never more than the limit.</summary>
public sealed class PermitLeaseTests(PrivateRedis redis) : IClassFixture<PrivateRedis>
{
    private static readonly RateLimitPolicy ThousandAMinute = new("test", 1_000, TimeSpan.FromMinutes(1));

    private readonly SteppedClock clock = new();

    private readonly string subject = Guid.NewGuid().ToString();

    [Fact]
    public async Task Acquire_OftenAtOneMoment_AllowsExactlyTheLimitAndCountsDown()
    {
        await using var host = NewHost();
        for (var remaining = 999; remaining >= 0; remaining--)
        {
            var decision = await AcquireAsync(host);
            Assert.Equal((true, remaining), (decision.IsAllowed, decision.Remaining));
        }

        Assert.False((await AcquireAsync(host)).IsAllowed);
    }

    [Fact]
    public async Task Acquire_ThroughTwoProcessesAtOnce_NeverPassesTheLimit()
    {
        await using var first = NewHost();
        await using var second = NewHost();
        await Task.WhenAll(first.Redis.ConnectAsync(), second.Redis.ConnectAsync());
        var decisions = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(async i => (await AcquireAsync(i % 2 == 0 ? first : second)).IsAllowed));
        // At the end a batch is a single permit: none is left over, except for what one process holds while the other is refused.
        Assert.InRange(decisions.Count(isAllowed => isAllowed), 950, 1_000);
    }

    [Fact]
    public async Task Acquire_Often_AsksRarely()
    {
        await using var host = NewHost();
        var before = await ScriptsRunAsync(host);
        for (var i = 0; i < 500; i++) await AcquireAsync(host);
        Assert.InRange(await ScriptsRunAsync(host) - before, 1, 100);
    }

    [Fact]
    public async Task Acquire_SteadilySlowerThanABatchGrows_KeepsItsSize()
    {
        await using var host = NewHost();
        for (var i = 0; i < 60; i++) await AcquireAsync(host); // batches of 32
        var before = await ScriptsRunAsync(host);
        for (var i = 0; i < 300; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(5)); // a batch lasts for 100 ms and more
            await AcquireAsync(host);
        }

        Assert.InRange(await ScriptsRunAsync(host) - before, 1, 30);
    }

    [Fact]
    public async Task Acquire_AfterAPause_HasForgottenTheRestOfTheBatch()
    {
        await using var host = NewHost();
        for (var i = 0; i < 100; i++) await AcquireAsync(host);
        clock.Advance(TimeSpan.FromMilliseconds(PermitLease.LifetimeMs));
        var next = await AcquireAsync(host);
        Assert.InRange(next.Remaining, 899 - 31, 899); // at most a 32nd of the limit is lost
    }

    [Fact]
    public async Task Acquire_NowAndThen_CountsOneByOne()
    {
        await using var first = NewHost();
        await using var second = NewHost();
        for (var i = 1; i <= 10; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(PermitLease.LifetimeMs));
            Assert.Equal(1_000 - (2 * i) + 1, (await AcquireAsync(first)).Remaining);
            Assert.Equal(1_000 - (2 * i), (await AcquireAsync(second)).Remaining);
        }
    }

    private static async Task<long> ScriptsRunAsync(LimiterHost host)
    {
        var info = (await host.Redis.ExecuteAsync("INFO"u8, ["commandstats"])).AsString()!;
        var line = info.Split('\n').FirstOrDefault(text => text.StartsWith("cmdstat_evalsha:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split("calls=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private LimiterHost NewHost() => LimiterHost.Patient(redis, clock);

    private async Task<RateLimitDecision> AcquireAsync(LimiterHost host) => await host.Limiter.AcquireAsync(ThousandAMinute, subject, CancellationToken.None);
}
