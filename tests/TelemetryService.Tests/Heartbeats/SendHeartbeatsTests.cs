using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.Manifests.Comparing;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests.Heartbeats;

public sealed class SendHeartbeatsTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Batch_OfGoodBeats_StoresEachAndAnswersInTheirOrder()
    {
        var owner = TestCallers.Token("agent", Role.ServerOwner, Scopes.ServersHeartbeat);
        var servers = new List<TestServer>();
        for (var i = 0; i < 20; i++) servers.Add(await api.SeedServerAsync(owner: owner));

        var results = await BatchOkAsync(owner, servers.Select((server, index) => (object)new { slug = server.Slug, currentPlayers = index, maxPlayers = 20 }));

        var pause = api.Services.GetRequiredService<AdvisedPause>();
        Assert.Equal(servers.Select(server => server.Slug), results.Select(result => result.GetProperty("slug").GetString()!));
        for (var i = 0; i < servers.Count; i++)
        {
            Assert.Equal(200, results[i].GetProperty("status").GetInt32());
            Assert.True(results[i].GetProperty("ok").GetBoolean());
            Assert.Equal(pause.SecondsFor(servers[i].Id, api.Clock.GetUtcNow(), isBehind: false), results[i].GetProperty("nextHeartbeatSeconds").GetInt32());
            Assert.Equal(api.Clock.GetUtcNow(), results[i].GetProperty("lastSeenAt").GetDateTimeOffset());
            Assert.Equal($"{i}", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + servers[i].Id, "players"])).AsString());
        }

        var points = await api.Influx.QueryAsync($"SELECT players FROM raw.heartbeat WHERE server = '{servers[7].Id}'");
        Assert.Contains(",7]", points, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_WithBadBeats_RefusesThoseAlone()
    {
        var (mine, foreign) = (await api.SeedServerAsync(), await api.SeedServerAsync());

        var results = await BatchOkAsync(mine.Owner, [
            new { slug = mine.Slug },
            new { slug = mine.Slug, currentPlayers = "many" },
            new { slug = mine.Slug, currentPlayers = -1 },
            new { slug = foreign.Slug, currentPlayers = 1 },
            new { slug = "nobody-has-this", currentPlayers = 1 },
            new { currentPlayers = 1 },
            17,
            new { slug = mine.Slug, currentPlayers = 1, x = new string('x', 64 * 1024) },
            new { slug = mine.Slug, currentPlayers = 3 },
        ]);

        Assert.Equal([400, 400, 400, 403, 404, 400, 400, 413, 200], results.Select(result => result.GetProperty("status").GetInt32()));
        string[] codes = ["invalid_heartbeat", "invalid_heartbeat", "invalid_heartbeat", "not_owner", "server_not_found", "invalid_heartbeat", "invalid_heartbeat", "too_large"];
        Assert.Equal(codes, results.Take(8).Select(result => result.GetProperty("code").GetString()!));
        Assert.All(results.Take(8), result => Assert.NotEqual("", result.GetProperty("error").GetString()));
        Assert.Equal("currentPlayers: missing", results[0].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Batch_ThatNamesAServerTooOften_IsHeldToTheLimitOfOneServer()
    {
        var server = await api.SeedServerAsync();

        var results = await BatchOkAsync(server.Owner, Enumerable.Range(0, 5).Select(index => (object)new { slug = server.Slug, currentPlayers = index }));

        Assert.Equal([200, 200, 200, 429, 429], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(5, results[3].GetProperty("retryAfterSeconds").GetInt32());
        Assert.Equal("rate_limited", results[3].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Batch_OfAServerWithAPackAndOneThatStops_AnswersEachAsAlone()
    {
        var pack = $"pack-{Guid.NewGuid():N}";
        var (playing, stopping) = (await api.SeedServerAsync(new AttachedPack(pack, Guid.NewGuid(), Pin: "1.0.0", Version: "1.0.0")), await api.SeedServerAsync());
        api.Catalog.Answer(request => request.Target == $"/internal/packs/{pack}/versions/1.0.0/mods"
            ? new(HttpStatusCode.OK, JsonSerializer.Serialize<ManifestMod[]>([new("A", "2.0", null, true)], ApiJson.Options))
            : new(HttpStatusCode.NotFound));

        var results = await BatchOkAsync(
            playing.Owner, [new { slug = playing.Slug, currentPlayers = 1, inventory = new[] { new { name = "A", version = "1.0" } } }]);
        var stopped = await BatchOkAsync(stopping.Owner, [new { slug = stopping.Slug, currentPlayers = 1 }, new { slug = stopping.Slug, currentPlayers = 0, state = "stopping" }]);

        var attached = results[0].GetProperty("attachedPack");
        Assert.Equal((pack, "1.0.0"), (attached.GetProperty("slug").GetString(), attached.GetProperty("version").GetString()));
        Assert.Equal("different", results[0].GetProperty("drift")[0].GetProperty("state").GetString());
        Assert.Equal([true, false], stopped.Select(result => result.GetProperty("online").GetBoolean()));
        Assert.False(await api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", stopping.Id));
    }

    [Theory]
    [InlineData("{}", "invalid_json")]
    [InlineData("{\"heartbeats\":null}", "invalid_json")]
    [InlineData("{\"heartbeats\":[]}", "invalid_heartbeats")]
    [InlineData("{\"heartbeats\":[{\"slug\":\"a\",\"slug\":\"a\"}]}", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    public async Task Batch_ThatIsNone_IsRefused(string body, string code)
    {
        using var client = api.CreateClient(TestCallers.Token("agent", Role.ServerOwner, Scopes.ServersHeartbeat));
        using var answer = await client.PostAsync("/api/v1/heartbeats", new StringContent(body, Encoding.UTF8, "application/json"));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData(500, HttpStatusCode.OK)]
    [InlineData(501, HttpStatusCode.BadRequest)]
    public async Task Batch_AtAndOverItsLimit_IsTakenAndRefused(int count, HttpStatusCode status)
    {
        using var answer = await SendAsync(TestCallers.Token("agent", Role.ServerOwner, Scopes.ServersHeartbeat), Enumerable.Repeat<object>(new { slug = "nobody", currentPlayers = 1 }, count));
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData(3, HttpStatusCode.OK)]
    [InlineData(5, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Batch_OfMebibytes_IsTakenUpToFour(int mebibytes, HttpStatusCode status)
    {
        var filling = new string('x', 32 * 1024);
        var owner = TestCallers.Token("agent", Role.ServerOwner, Scopes.ServersHeartbeat);
        using var answer = await SendAsync(owner, Enumerable.Repeat<object>(new { slug = "nobody", currentPlayers = 1, filling }, mebibytes * 32));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Batch_WithAServerOfWhichNobodyCanBeAsked_StoresTheOthers()
    {
        var server = await api.SeedServerAsync();
        api.Catalog.Answer(_ => new(HttpStatusCode.InternalServerError));
        try
        {
            var results = await BatchOkAsync(server.Owner, [new { slug = server.Slug, currentPlayers = 1 }, new { slug = $"unheard-{Guid.NewGuid():N}", currentPlayers = 1 }]);
            Assert.Equal([200, 503], results.Select(result => result.GetProperty("status").GetInt32()));
            Assert.Equal("unavailable", results[1].GetProperty("code").GetString());
            Assert.True(results[1].GetProperty("retryAfterSeconds").GetInt32() > 0);
        }
        finally
        {
            api.Catalog.Answer(_ => new(HttpStatusCode.NotFound));
        }
    }

    [Fact]
    public async Task Batch_WithoutTheScope_Is403()
    {
        using var answer = await SendAsync(TestCallers.Token("agent", Role.ServerOwner, Scopes.Favorites), [new { slug = "a", currentPlayers = 1 }]);
        await Answers.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "scope_required");
    }

    private async Task<JsonElement[]> BatchOkAsync(Caller caller, IEnumerable<object> heartbeats)
    {
        using var answer = await SendAsync(caller, heartbeats);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray()];
    }

    private async Task<HttpResponseMessage> SendAsync(Caller caller, IEnumerable<object> heartbeats)
    {
        using var client = api.CreateClient(caller);
        return await client.PostAsJsonAsync("/api/v1/heartbeats", new { heartbeats }, ApiJson.Options);
    }
}
