using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;

namespace PackRelay.TelemetryService.Tests.Heartbeats;

public sealed class SendHeartbeatTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Answers_DoNotGoInChunks()
    {
        var server = await api.SeedServerAsync();
        using var stored = await server.BeatAsync(new { currentPlayers = 1 });
        using var refused = await server.BeatAsync(new { currentPlayers = -1 });
        using var client = api.CreateClient();
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/servers/{server.Slug}/uptime");
        using var read = await client.SendAsync(head);
        foreach (var answer in new[] { stored, refused, read })
        {
            Assert.NotEqual(true, answer.Headers.TransferEncodingChunked);
            Assert.True(answer.Content.Headers.ContentLength > 0);
        }

        Assert.Empty(await read.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Beat_OfAKnownServer_IsInRedisAndInInfluxWhenAnswered()
    {
        var server = await api.SeedServerAsync();

        var answer = await server.BeatOkAsync(new
        {
            currentPlayers = 7, maxPlayers = 20, cpuPct = 12.5, ramUsedMb = 512, ramTotalMb = 2048, unknown = new[] { 1 }, lastSeenAt = DateTimeOffset.UnixEpoch,
        });

        Assert.True(answer.GetProperty("ok").GetBoolean());
        Assert.True(answer.GetProperty("online").GetBoolean());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("attachedPack").ValueKind);
        Assert.Equal(PauseFor(server), answer.GetProperty("nextHeartbeatSeconds").GetInt32());
        Assert.Equal(api.Clock.GetUtcNow(), answer.GetProperty("lastSeenAt").GetDateTimeOffset());
        Assert.Equal("7", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "players"])).AsString());
        var points = await api.Influx.QueryAsync($"SELECT players, max_players, cpu, ram FROM raw.heartbeat WHERE server = '{server.Id}'");
        Assert.Contains(",7,20,12.5,25]", points, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beat_OfAServerThatFollowsAPack_NamesTheLatestVersion()
    {
        var pack = $"pack-{Guid.NewGuid():N}";
        var server = await api.SeedServerAsync(new AttachedPack(pack, Guid.NewGuid(), Pin: null, Version: "1.0.0"));

        var attached = (await server.BeatOkAsync(new { currentPlayers = 0 })).GetProperty("attachedPack");

        Assert.Equal(pack, attached.GetProperty("slug").GetString());
        Assert.Equal("1.0.0", attached.GetProperty("version").GetString());
        Assert.Equal($"https://hub.example/api/v1/packs/{pack}/manifest/1.0.0", attached.GetProperty("manifestUrl").GetString());
    }

    [Fact]
    public async Task Beat_OfAServerThatIsPinned_NamesThePin()
    {
        var server = await api.SeedServerAsync(new AttachedPack("some-pack", Guid.NewGuid(), Pin: "0.9.0", Version: "0.9.0"));

        Assert.Equal("0.9.0", (await server.BeatOkAsync(new { currentPlayers = 0 })).GetProperty("attachedPack").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Beat_TwiceInTheSameInstant_KeepsBothPoints()
    {
        var server = await api.SeedServerAsync();

        await server.BeatOkAsync(new { currentPlayers = 1 });
        await server.BeatOkAsync(new { currentPlayers = 2 });

        var points = await api.Influx.QueryAsync($"SELECT count(players), sum(players) FROM raw.heartbeat WHERE server = '{server.Id}'");
        Assert.Contains(",2,3]", points, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beat_MoreOftenThanTheBurst_IsRefusedUntilTheIntervalIsOver()
    {
        var server = await api.SeedServerAsync();
        for (var beat = 0; beat < 3; beat++) await server.BeatOkAsync(new { currentPlayers = beat });

        using (var refused = await server.BeatAsync(new { currentPlayers = 3 })) await Answers.AssertErrorAsync(refused, HttpStatusCode.TooManyRequests, "rate_limited", retryAfterSeconds: 5);
        using (var again = await server.BeatAsync(new { currentPlayers = 3 })) await Answers.AssertErrorAsync(again, HttpStatusCode.TooManyRequests, "rate_limited", retryAfterSeconds: 5);

        await (await api.SeedServerAsync(owner: server.Owner)).BeatOkAsync(new { currentPlayers = 1 }); // another one is another matter

        api.Clock.Advance(TimeSpan.FromSeconds(5));
        await server.BeatOkAsync(new { currentPlayers = 4 });
        var points = await api.Influx.QueryAsync($"SELECT count(players) FROM raw.heartbeat WHERE server = '{server.Id}'");
        Assert.Contains(",4]", points, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beat_ThatAnnouncesAStopAfterABurst_IsTakenOnce()
    {
        var server = await api.SeedServerAsync();
        for (var beat = 0; beat < 3; beat++) await server.BeatOkAsync(new { currentPlayers = beat });

        var stopped = await server.BeatOkAsync(new { currentPlayers = 0, state = "stopping" });

        Assert.False(stopped.GetProperty("online").GetBoolean());
        Assert.False(await api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id));
        foreach (var state in new[] { "stopping", null }) // the limit holds again
        {
            using var refused = await server.BeatAsync(new { currentPlayers = 0, state });
            await Answers.AssertErrorAsync(refused, HttpStatusCode.TooManyRequests, "rate_limited", retryAfterSeconds: 5);
        }
    }

    [Fact]
    public async Task Beat_FromManyServersAtOnce_IsAnsweredForEach()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.SeedServerAsync()));

        var answers = await Task.WhenAll(servers.Select((server, index) => server.BeatOkAsync(new { currentPlayers = index })));

        Assert.All(answers, answer => Assert.True(answer.GetProperty("ok").GetBoolean()));
        for (var index = 0; index < servers.Length; index++)
            Assert.Equal($"{index}", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + servers[index].Id, "players"])).AsString());
        Assert.Equal(servers.Select(PauseFor), answers.Select(answer => answer.GetProperty("nextHeartbeatSeconds").GetInt32()));
        Assert.True(answers.DistinctBy(answer => answer.GetProperty("nextHeartbeatSeconds").GetInt32()).Count() > 5, "all are told to come back together");
    }

    private int PauseFor(TestServer server) => api.Services.GetRequiredService<AdvisedPause>().SecondsFor(server.Id, api.Clock.GetUtcNow(), isBehind: false);
}
