using System.Diagnostics;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Redis;

/// <summary>Each test has a server of its own, because it breaks it.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private readonly PrivateRedis server = new();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Execute_AfterTheServerWasKilled_FailsFastAndRecoversAlone()
    {
        await using var redis = server.CreateClient();
        await redis.SetAsync("a", 1);
        await server.KillAsync();
        await Wait.UntilAsync(() => !redis.IsConnected, "the loss is noticed");

        await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.GetAsync("a"));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
            await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.GetAsync("a"));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "a hundred calls without a server must not wait");

        await server.StartAsync();
        await RedisWait.ForRecoveryAsync(redis);
        await redis.SetAsync("a", 2);
    }

    [Fact]
    public async Task Execute_WhenTheServerIsKilledUnderLoad_EndsEveryCall()
    {
        await using var redis = server.CreateClient();
        await redis.ConnectAsync();
        var calls = Enumerable.Range(0, 64).Select(worker => Task.Run(async () =>
        {
            try
            {
                for (var i = 0; ; i++)
                    Assert.Equal($"{worker}-{i}", (await redis.ExecuteAsync("ECHO"u8, [$"{worker}-{i}"])).AsString());
            }
            catch (RedisUnavailableException)
            {
                return true;
            }
        })).ToArray();
        await Wait.UntilAsync(async () => (await redis.ExecuteAsync("INFO"u8, ["stats"])).AsString()!.Contains("total_commands_processed:", StringComparison.Ordinal), "load runs");
        await server.KillAsync();
        Assert.All(await Task.WhenAll(calls).WaitAsync(Wait.Default), Assert.True);
    }

    [Fact]
    public async Task Execute_OfWhatTheServerAnswersTooLate_TimesOutAndKeepsTheRepliesInStep()
    {
        await using var redis = server.CreateClient(",asyncTimeout=5000");
        await redis.ConnectAsync();
        await server.FreezeAsync();
        var late = redis.ExecuteAsync("ECHO"u8, ["late"]);
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => late.WaitAsync(Wait.Default));
        Assert.Contains("5000 ms", error.Message, StringComparison.Ordinal);
        await server.ThawAsync();

        Assert.True(redis.IsConnected);
        for (var i = 0; i < 10; i++)
            Assert.Equal($"{i}", (await redis.ExecuteAsync("ECHO"u8, [i])).AsString());
        var clients = (await redis.ExecuteAsync("INFO"u8, ["stats"])).AsString()!;
        Assert.Contains("total_connections_received:1\r\n", clients, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_WhenTheServerStaysFrozen_GivesTheConnectionUpAndComesBackAfterIt()
    {
        await using var redis = server.CreateClient(",asyncTimeout=200");
        await redis.ConnectAsync();
        await server.FreezeAsync();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.GetAsync("a"));
        await Wait.UntilAsync(() => !redis.IsConnected, "the connection is given up");
        await server.ThawAsync();
        await RedisWait.ForRecoveryAsync(redis);
    }

    [Fact]
    public async Task Execute_WhenTheConnectionIsClosedByTheServer_IsBackWithoutAFailureOfLaterCalls()
    {
        await using var redis = server.CreateClient();
        await redis.SetAsync("a", 1);
        await using (var other = server.CreateClient())
            await other.ExecuteAsync("CLIENT"u8, ["KILL", "TYPE", "normal", "SKIPME", "yes"]);
        await RedisWait.ForRecoveryAsync(redis);
        Assert.Equal("1"u8.ToArray(), await redis.GetAsync("a"));
    }

    [Fact]
    public async Task Execute_WhenTooMuchWaits_IsRefusedAtOnce()
    {
        var options = RedisConnectionString.Parse(server.ConnectionString);
        options.MaximumPendingCommands = 100;
        await using var redis = new RedisClient(options);
        await redis.ConnectAsync();
        await server.FreezeAsync();
        var waiting = Enumerable.Range(0, 100).Select(_ => redis.GetAsync("a")).ToArray();
        var refused = redis.GetAsync("a");
        Assert.True(refused.IsFaulted);
        await server.ThawAsync();
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Null(await redis.GetAsync("a"));
    }

    [Fact]
    public async Task Execute_WithoutAServer_FailsAndConnectsWhenThereIsOne()
    {
        await server.KillAsync();
        await using var redis = server.CreateClient();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.GetAsync("a"));
        await server.StartAsync();
        await RedisWait.ForRecoveryAsync(redis);
    }

    [Fact]
    public async Task Dispose_WithCallsUnderWay_EndsThem()
    {
        var redis = server.CreateClient();
        await redis.ConnectAsync();
        await server.FreezeAsync();
        var waiting = redis.GetAsync("a");
        await redis.DisposeAsync();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.GetAsync("a"));
        await server.ThawAsync();
    }
}
