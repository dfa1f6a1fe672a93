using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Tests.Players;

public sealed class PlayersTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Players_OfAServerThatDoesNotShowThem_AreNeitherToldNorKept()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1, players = new[] { "Ada" } });

        Assert.Null(await PlayersAsync(server));
        Assert.True((await api.Redis.ExecuteAsync("GET"u8, [$"telemetry:players:{server.Id}"])).IsNull);
    }

    [Fact]
    public async Task Players_OfAServerThatShowsThem_AreThoseOfTheLastBeat()
    {
        var server = await ShowingAsync(await api.SeedServerAsync(), revision: 2);
        Assert.Null(await PlayersAsync(server));
        await server.BeatOkAsync(new { currentPlayers = 2, players = new[] { "Ada", "<b>Grace</b> \"é🦊" } });
        Assert.Equal("Ada|<b>Grace</b> \"é🦊", await PlayersAsync(server));
        await server.BeatOkAsync(new { currentPlayers = 0, players = Array.Empty<string>() });
        Assert.Equal("", await PlayersAsync(server));

        api.Clock.Advance(TimeSpan.FromSeconds(30));
        await server.BeatOkAsync(new { currentPlayers = 1, players = new[] { "Ada" } });
        for (var beat = 0; beat < 2; beat++) await server.BeatOkAsync(new { currentPlayers = 1, players = new[] { "Ada" } });
        using (var refused = await server.BeatAsync(new { currentPlayers = 1, players = new[] { "Mallory" } })) Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("Ada", await PlayersAsync(server));
        Assert.InRange((await api.Redis.ExecuteAsync("PTTL"u8, [$"telemetry:players:{server.Id}"])).AsInteger(), 1, 300_000);

        await server.BeatOkAsync(new { currentPlayers = 0, state = "stopping", players = new[] { "Ada" } });
        Assert.Null(await PlayersAsync(server));
    }

    [Fact]
    public async Task Players_OfAServerThatHidesThemAgain_AreHiddenAtOnce()
    {
        var server = await ShowingAsync(await api.SeedServerAsync(), revision: 2);
        await server.BeatOkAsync(new { currentPlayers = 1, players = new[] { "Ada" } });
        await api.PublishAsync(server.Changed with { EventId = Guid.CreateVersion7(), Revision = 3 });
        await api.WaitUntilAsync(async () => await PlayersAsync(server) is null, TimeSpan.FromSeconds(20), "the names are hidden");
        await api.WaitUntilAsync(
            async () => !await api.ScalarAsync<bool>("SELECT show_players FROM servers WHERE id = $1", server.Id), TimeSpan.FromSeconds(20), "and stay so after a restart");
    }

    [Fact]
    public async Task Players_OfAnUnknownServer_Are404()
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync("/api/v1/servers/nobody/players");
        await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
    }

    private async Task<TestServer> ShowingAsync(TestServer server, long revision)
    {
        var changed = server.Changed with { EventId = Guid.CreateVersion7(), Revision = revision, Change = ServerChange.Updated, ShowPlayers = true };
        await api.PublishAsync(changed);
        await api.WaitUntilAsync(
            () => Task.FromResult(api.Services.GetRequiredService<ServerMap>().Find(server.Slug) is { ShowPlayers: true }), TimeSpan.FromSeconds(20), "the change is known");
        return server;
    }

    /// <summary>The names, or null.</summary>
    private async Task<string?> PlayersAsync(TestServer server)
    {
        using var client = api.CreateClient();
        var players = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/servers/{server.Slug}/players")).GetProperty("players");
        return players.ValueKind == JsonValueKind.Null ? null : string.Join('|', players.EnumerateArray().Select(name => name.GetString()));
    }
}
