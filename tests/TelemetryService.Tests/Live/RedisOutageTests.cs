using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.LocalHosting.Servers;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Live;
using PackRelay.Testing;

namespace PackRelay.TelemetryService.Tests.Live;

/// <summary>The service with a Redis of its own, which tests stop.</summary>
public sealed class TelemetryWithItsRedis : TelemetryApi
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("packrelay-redis-");

    private RedisServer? redis;

    public override async Task InitializeAsync()
    {
        await StartRedisAsync(port: 0);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await StopRedisAsync();
        folder.Delete(recursive: true);
    }

    public async Task StartRedisAsync(int? port = null) => redis = await RedisServer.StartAsync(
        new() { DataDirectory = folder.FullName, Password = "secret", Port = port ?? redis!.Port }, CancellationToken.None);

    public async Task StopRedisAsync() => await redis!.DisposeAsync();

    /// <summary>Redis' process stands still, with its connections open.</summary>
    public Task FreezeRedisAsync() => SignalAsync("STOP");

    public Task ThawRedisAsync() => SignalAsync("CONT");

    public async Task<string?> PlayersAsync(TestServer server)
    {
        await using var client = new RedisClient(RedisConnectionString.Parse(redis!.ConnectionString));
        return (await client.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "players"])).AsString();
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["ConnectionStrings:cache"] = redis!.ConnectionString;
    }

    private async Task SignalAsync(string signal) => Assert.True(await ProcessSignals.SendAsync(redis!.ProcessId, signal));
}

public sealed class RedisOutageTests(TelemetryWithItsRedis api) : IClassFixture<TelemetryWithItsRedis>
{
    [Fact]
    public async Task Beat_WithRedisAway_Is200AndTheLiveStateFollowsWhenRedisIsBack()
    {
        var (known, fresh) = (await api.SeedServerAsync(), await api.SeedServerAsync());
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        await known.BeatOkAsync(new { currentPlayers = 1 });

        await api.StopRedisAsync();
        await known.BeatOkAsync(new { currentPlayers = 2 });
        await fresh.BeatOkAsync(new { currentPlayers = 3 });
        await online.FirstAsync(went => went.ServerId == fresh.Id);
        for (var beat = 0; beat < 2; beat++) await fresh.BeatOkAsync(new { currentPlayers = 3 });
        using (var refused = await fresh.BeatAsync(new { currentPlayers = 3 })) Assert.Equal(429, (int)refused.StatusCode);
        await fresh.BeatOkAsync(new { currentPlayers = 3, state = "stopping" });
        using (var refused = await fresh.BeatAsync(new { currentPlayers = 3, state = "stopping" })) Assert.Equal(429, (int)refused.StatusCode);

        await api.StartRedisAsync();
        await api.WaitUntilAsync(
            async () => await api.PlayersAsync(known) == "2" && await api.PlayersAsync(fresh) == "3", TimeSpan.FromSeconds(20), "the live state is in Redis");
        await api.AssertNothingLeftAsync();
        Assert.Single(online.Received, went => went.ServerId == known.Id);
        Assert.Single(online.Received, went => went.ServerId == fresh.Id);
        var points = await api.Influx.QueryAsync($"SELECT count(players) FROM raw.heartbeat WHERE server = '{fresh.Id}'");
        Assert.Contains(",4]", points, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beats_WhileRedisHangs_AreAnsweredAndTheirEventsFollowWithoutWaitingForIt()
    {
        var servers = new List<TestServer>();
        for (var i = 0; i < 8; i++) servers.Add(await api.SeedServerAsync());
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        var live = api.Services.GetRequiredService<LiveState>();

        await api.FreezeRedisAsync();
        try
        {
            foreach (var server in servers) await server.BeatOkAsync(new { currentPlayers = 2 });
            foreach (var server in servers) await online.FirstAsync(went => went.ServerId == server.Id);
            Assert.True(live.IsAway);
            Assert.True(live.MarkAsync([new(servers[0].Id, Generation: 0, Online: true, RecordedSlot: null, UptimePct: null)], CancellationToken.None).IsCompletedSuccessfully);
        }
        finally
        {
            await api.ThawRedisAsync();
        }

        await api.WaitUntilAsync(
            async () => (await Task.WhenAll(servers.Select(api.PlayersAsync))).All(players => players == "2"), TimeSpan.FromSeconds(30), "the live state is in Redis");
        await api.AssertNothingLeftAsync();
        Assert.All(servers, server => Assert.Single(online.Received, went => went.ServerId == server.Id));
        await api.WaitUntilAsync(
            async () =>
            {
                api.Clock.Advance(TimeSpan.FromSeconds(5));
                await servers[0].BeatOkAsync(new { currentPlayers = 2 });
                return !live.IsAway;
            },
            TimeSpan.FromSeconds(30), "beats go to Redis again");
    }
}
