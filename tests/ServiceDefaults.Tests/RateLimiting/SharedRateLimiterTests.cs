using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Tests.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

public sealed class SharedRateLimiterTests(PrivateRedis redis) : IClassFixture<PrivateRedis>
{
    private static readonly RateLimitPolicy FiveAMinute = new("test", 5, TimeSpan.FromMinutes(1));

    private readonly SteppedClock clock = new();

    private readonly string subject = Guid.NewGuid().ToString();

    [Fact]
    public async Task Acquire_UpToTheLimit_AllowsAndCountsDown()
    {
        await using var host = NewHost();
        for (var remaining = 4; remaining >= 0; remaining--)
            Assert.Equal(new RateLimitDecision(true, 5, remaining, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), await AcquireAsync(host));

        var refused = await AcquireAsync(host);
        Assert.False(refused.IsAllowed);
        Assert.Equal(0, refused.Remaining);
        Assert.Equal(TimeSpan.FromSeconds(72), refused.ResetAfter); // a fifth of the next window must pass
    }

    [Fact]
    public async Task Acquire_FromTwoProcesses_CountsTogether()
    {
        await using var first = NewHost();
        await using var second = NewHost();
        var decisions = new List<bool>();
        for (var i = 0; i < 4; i++)
        {
            decisions.Add((await AcquireAsync(first)).IsAllowed);
            decisions.Add((await AcquireAsync(second)).IsAllowed);
        }

        Assert.Equal([true, true, true, true, true, false, false, false], decisions);
    }

    [Fact]
    public async Task Acquire_ManyAtOnce_AllowsExactlyTheLimit()
    {
        await using var host = NewHost();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AcquireAsync(host)));
        Assert.Equal(5, decisions.Count(decision => decision.IsAllowed));
    }

    [Fact]
    public async Task Acquire_AfterTheTimeThatTheRefusalNamed_AllowsAgain()
    {
        await using var host = NewHost();
        for (var i = 0; i < 5; i++) await AcquireAsync(host);
        var refused = await AcquireAsync(host);

        clock.Advance(refused.ResetAfter - TimeSpan.FromMilliseconds(2));
        Assert.False((await AcquireAsync(host)).IsAllowed);
        clock.Advance(TimeSpan.FromMilliseconds(2));
        Assert.True((await AcquireAsync(host)).IsAllowed);
    }

    [Fact]
    public async Task Acquire_AcrossAWindowsEnd_DoesNotAllowTheLimitTwice()
    {
        await using var host = NewHost();
        clock.Advance(TimeSpan.FromSeconds(59));
        for (var i = 0; i < 5; i++) Assert.True((await AcquireAsync(host)).IsAllowed);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await AcquireAsync(host)).IsAllowed);
    }

    [Fact]
    public async Task Acquire_WithAClockALittleBehind_StaysInTheWindowThatHasBegun()
    {
        await using var ahead = NewHost();
        await using var behind = LimiterHost.Patient(redis, new SteppedClock(clock.GetUtcNow() - TimeSpan.FromSeconds(1)));
        for (var i = 0; i < 5; i++) await AcquireAsync(ahead);
        Assert.False((await AcquireAsync(behind)).IsAllowed);
    }

    [Fact]
    public async Task Acquire_OtherSubjectsAndPolicies_AreCountedApart()
    {
        await using var host = NewHost();
        for (var i = 0; i < 6; i++) await AcquireAsync(host);
        Assert.True((await host.Limiter.AcquireAsync(FiveAMinute, subject + "x", CancellationToken.None)).IsAllowed);
        Assert.True((await host.Limiter.AcquireAsync(FiveAMinute with { Name = "other" }, subject, CancellationToken.None)).IsAllowed);
    }

    [Fact]
    public async Task Acquire_Always_LeavesAKeyThatExpires()
    {
        await using var host = NewHost();
        await AcquireAsync(host);
        var left = (await host.Redis.ExecuteAsync("PTTL"u8, ["ratelimit:test:" + subject])).AsInteger();
        Assert.InRange(left, 1, 120_000);
    }

    [Fact]
    public async Task Acquire_Always_IsMeasuredByPolicyAndOutcome()
    {
        await using var host = NewHost();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "packrelay.rate_limit.decisions") listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => seen.Add($"{count} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();
        for (var i = 0; i < 6; i++) await AcquireAsync(host);
        listener.RecordObservableInstruments();

        Assert.Equal(["1 test refused redis", "5 test allowed redis"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ToError_WhenRefused_IsARateLimitedAnswerWithRetryAfter()
    {
        await using var host = NewHost();
        for (var i = 0; i < 5; i++) await AcquireAsync(host);
        var refused = await AcquireAsync(host);

        var error = refused.ToError();
        var headers = new HeaderDictionary();
        refused.WriteTo(headers);

        Assert.Equal((429, ErrorCodes.RateLimited, TimeSpan.FromSeconds(72)), (error.StatusCode, error.Code, error.RetryAfter));
        Assert.Equal("5 0 72", $"{headers["RateLimit-Limit"]} {headers["RateLimit-Remaining"]} {headers["RateLimit-Reset"]}");
    }

    [Fact]
    public async Task Policies_FromConfiguration_OverrideTheDefaults()
    {
        await using var host = new LimiterHost(redis.ConnectionString, clock, ("RateLimits:Token:PermitPerMinute", "6000"), ("RateLimits:AccountCreation:PermitPerHour", "7"));
        Assert.Equal(("token", 6_000, TimeSpan.FromMinutes(1)), (host.Policies.Token.Name, host.Policies.Token.Permits, host.Policies.Token.Window));
        Assert.Equal((7, TimeSpan.FromHours(1)), (host.Policies.AccountCreation.Permits, host.Policies.AccountCreation.Window));
        Assert.Equal(
            (600, 10, 60, 10, 60),
            (host.Policies.Anonymous.Permits, host.Policies.SignInPerLogin.Permits, host.Policies.SignInPerAddress.Permits, host.Policies.Verify.Permits, host.Policies.Reports.Permits));
    }

    [Theory]
    [InlineData("RateLimits:Token:PermitPerMinute", "0")]
    [InlineData("RateLimits:AccountCreation:PermitPerHour", "-1")]
    [InlineData("RateLimits:StoreTimeout", "00:01:00")]
    public async Task Options_OutOfRange_AreRefused(string key, string value)
    {
        await using var host = new LimiterHost(redis.ConnectionString, clock, (key, value));
        Assert.Throws<OptionsValidationException>(() => host.Policies);
        Assert.NotNull(Record.Exception(() => host.Limiter));
    }

    private LimiterHost NewHost() => LimiterHost.Patient(redis, clock);

    private async Task<RateLimitDecision> AcquireAsync(LimiterHost host) => await host.Limiter.AcquireAsync(FiveAMinute, subject, CancellationToken.None);
}
