using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;

namespace PackRelay.EndToEnd.Tests;

/// <summary>From a heartbeat to what everybody reads, through the memory of the gateway.</summary>
[Collection(HubGroup.Name)]
public sealed class LiveStateTests(Hub hub)
{
    [Fact]
    public async Task Beats_AreInTheListsWithinASecondAndTheFirstOneAtOnce()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = HubClient.Create(hub.Gateway);
        var (first, next) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < 5; round++)
        {
            var server = await publisher.CreateServerAsync();
            for (var beat = 0; beat < 2; beat++)
            {
                var players = beat + 1;
                await ReadAsync(anyone, server); // the gateway keeps it
                await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.BeatAsync(server, players));
                var answered = Stopwatch.GetTimestamp();
                await Wait.UntilAsync(async () => (int?)(await ReadAsync(anyone, server))["currentPlayers"] == players, "the beat is shown");
                (beat == 0 ? first : next).Add(Stopwatch.GetElapsedTime(answered));
            }
        }

        // The least: a machine that builds or tests besides may hold up others.
        Assert.InRange(first.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        Assert.InRange(next.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public async Task Batch_DriftUptimeStatsAndPictures_AreServedThroughTheGateway()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = HubClient.Create(hub.Gateway);
        var pack = await publisher.CreatePackAsync();
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, await publisher.SignManifestAsync(pack)));
        var servers = new[] { await publisher.CreateServerAsync(pack), await publisher.CreateServerAsync() };

        JsonNode answer = null!;
        await Wait.UntilAsync(
            async () =>
            {
                answer = await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.Client.PostAsJsonAsync("/api/v1/heartbeats", new
                {
                    heartbeats = servers.Select(slug => new { slug, currentPlayers = 4, maxPlayers = 8, inventory = new[] { new { name = "Another" } } }),
                }));
                return answer["results"]![0]!["drift"] is not null;
            },
            "telemetry has heard of the pack");

        Assert.Equal(servers, answer["results"]!.AsArray().Select(result => (string?)result!["slug"]));
        Assert.All(answer["results"]!.AsArray(), result => Assert.Equal(200, (int)result!["status"]!));
        var drift = answer["results"]![0]!["drift"]!.AsArray().Select(mod => $"{mod!["name"]} {mod["state"]}");
        Assert.Equal(["M0 missing", "Another unexpected"], drift);

        var days = (await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/servers/{servers[0]}/uptime")))["days"]!.AsArray();
        Assert.Equal(90, days.Count);
        await Wait.UntilAsync(async () => (long)(await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync("/api/v1/stats")))["playersPeak24h"]! >= 8, "the players are counted");
        await Wait.UntilAsync(async () => (int?)(await ReadAsync(anyone, servers[0]))["currentPlayers"] == 4, "the beat is shown");
        foreach (var picture in new[] { $"servers/{servers[0]}/badge.svg", $"servers/{servers[0]}/players.svg", $"packs/{pack}/badge.svg" })
        {
            using var shown = await anyone.GetAsync($"/api/v1/{picture}");
            Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (shown.StatusCode, shown.Content.Headers.ContentType?.MediaType));
            Assert.True(shown.Headers.CacheControl is { Public: true, MaxAge: var age } && age <= TimeSpan.FromMinutes(1), $"{shown.Headers.CacheControl}");
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{picture}") { Headers = { { "If-None-Match", "W/\"x\", " + shown.Headers.ETag } } };
            using var unchanged = await anyone.SendAsync(again);
            Assert.True(unchanged.StatusCode is HttpStatusCode.NotModified || picture.Contains("players", StringComparison.Ordinal), $"{picture}: {unchanged.StatusCode}");
        }
    }

    [Fact]
    public async Task Players_AreShownWhileTheOwnerWantsIt()
    {
        var publisher = await hub.PublisherAsync();
        using var anyone = HubClient.Create(hub.Gateway);
        var server = await publisher.CreateServerAsync();
        var path = $"/api/v1/servers/{server}";
        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.Client.PatchAsJsonAsync(path, new { showPlayers = true }));
        await Wait.UntilAsync(
            async () =>
            {
                using var beat = await publisher.Client.PostAsJsonAsync($"{path}/heartbeat", new { currentPlayers = 1, players = new[] { "Ada" } });
                var players = (await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"{path}/players")))["players"];
                return players is JsonArray and [var name] && (string?)name == "Ada";
            },
            "the names are shown");

        await Publisher.ExpectAsync(HttpStatusCode.OK, publisher.Client.PatchAsJsonAsync(path, new { showPlayers = false }));
        await Wait.UntilAsync(async () => (await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"{path}/players")))["players"] is null, "the names are hidden");
    }

    private static async Task<JsonNode> ReadAsync(HttpClient anyone, string server) => await Publisher.ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/v1/servers/{server}"));
}
