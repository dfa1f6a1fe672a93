using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests.Heartbeats;

public sealed partial class SendHeartbeatRefusalTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Theory]
    [InlineData("{}", "invalid_heartbeat")]
    [InlineData("null", "invalid_heartbeat")]
    [InlineData("[]", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":null}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":\"5\"}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1.5}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":-1}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":100001}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1e999}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"maxPlayers\":-1}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"cpuPct\":100.1}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"cpuPct\":1e999}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"ramPct\":-0.1}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"ramUsedMb\":10}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"ramUsedMb\":11,\"ramTotalMb\":10}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"ramUsedMb\":0,\"ramTotalMb\":0}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"state\":\"running away\"}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"players\":[\"\"]}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"players\":[null]}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"packVersion\":\"a\\u0000b\"}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"unknown\":1,\"unknown\":2}", "invalid_json")]
    [InlineData("{\"currentPlayers\":\"5\",\"\\ud800\":1}", "invalid_json")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[{}]}", "invalid_heartbeat")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[{\"name\":\"a\",\"sha256\":\"abc\"}]}", "invalid_heartbeat")]
    [InlineData("", "invalid_json")]
    [InlineData("{\"currentPlayers\":1", "invalid_json")]
    [InlineData("{\"currentPlayers\":1,\"currentPlayers\":2}", "invalid_json")]
    [InlineData("{\"currentPlayers\":1} x", "invalid_json")]
    [InlineData("\uFEFF{\"currentPlayers\":1}", "invalid_json")]
    [InlineData("{\"currentPlayers\":NaN}", "invalid_json")]
    public async Task Beat_WithABadBody_IsRefused(string body, string code)
    {
        var server = await api.SeedServerAsync();
        using var answer = await SendAsync(server, new StringContent(body, Encoding.UTF8, "application/json"));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("{}", "currentPlayers: missing")]
    [InlineData("{\"currentPlayers\":-1}", "currentPlayers: 0 to 100000")]
    [InlineData("{\"currentPlayers\":100001}", "currentPlayers: 0 to 100000")]
    [InlineData("{\"currentPlayers\":1,\"maxPlayers\":100001}", "maxPlayers: 0 to 100000")]
    [InlineData("{\"currentPlayers\":1,\"cpuPct\":-0.1}", "cpuPct: 0 to 100")]
    [InlineData("{\"currentPlayers\":1,\"cpuPct\":100.1}", "cpuPct: 0 to 100")]
    [InlineData("{\"currentPlayers\":1,\"ramPct\":100.1}", "ramPct: 0 to 100")]
    [InlineData("{\"currentPlayers\":1,\"ramTotalMb\":10}", "ramUsedMb and ramTotalMb: both or neither")]
    [InlineData("{\"currentPlayers\":1,\"ramUsedMb\":-1,\"ramTotalMb\":10}", "ramUsedMb: 0 to ramTotalMb")]
    [InlineData("{\"currentPlayers\":1,\"packVersion\":\"*101\"}", "packVersion: at most 100 characters")]
    [InlineData("{\"currentPlayers\":1,\"gameVersion\":\"*101\"}", "gameVersion: at most 100 characters")]
    [InlineData("{\"currentPlayers\":1,\"players\":[\"*101\"]}", "players: names of 1 to 100 characters")]
    [InlineData("{\"currentPlayers\":1,\"state\":\"Stopping\"}", "state: 'stopping', or absent")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[{\"name\":\"a\"},{\"name\":\"\"}]}", "inventory[1].name: 1 to 200 characters")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[{\"name\":\"*201\"}]}", "inventory[0].name: 1 to 200 characters")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[{\"name\":\"a\",\"version\":\"*101\"}]}", "inventory[0].version: at most 100 characters")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[null]}", "inventory[0]: an object")]
    public async Task Beat_JustOverALimit_IsRefusedWithTheMemberAndTheLimit(string body, string text)
    {
        var server = await api.SeedServerAsync();
        using var answer = await SendAsync(server, Filled(body));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.BadRequest, "invalid_heartbeat");
        Assert.Equal(text, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("{\"currentPlayers\":0,\"maxPlayers\":0,\"cpuPct\":0,\"ramPct\":0}")]
    [InlineData("{\"currentPlayers\":100000,\"maxPlayers\":100000,\"cpuPct\":100,\"ramPct\":100}")]
    [InlineData("{\"currentPlayers\":1,\"ramUsedMb\":0,\"ramTotalMb\":0.5}")]
    [InlineData("{\"currentPlayers\":1,\"ramUsedMb\":10,\"ramTotalMb\":10}")]
    [InlineData("{\"currentPlayers\":1,\"maxPlayers\":null,\"cpuPct\":null,\"ramPct\":null,\"players\":null,\"inventory\":null,\"state\":null}")]
    [InlineData("{\"currentPlayers\":1,\"packVersion\":\"*100\",\"gameVersion\":\"*100\",\"players\":[\"*100\"]}")]
    [InlineData("{\"currentPlayers\":1,\"inventory\":[{\"name\":\"*200\",\"version\":\"*100\"}]}")]
    public async Task Beat_AtItsLimits_IsTaken(string body)
    {
        var server = await api.SeedServerAsync();
        using var answer = await SendAsync(server, Filled(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Beat_WithoutABody_Is400()
    {
        var server = await api.SeedServerAsync();
        using var client = api.CreateClient(server.Owner);
        using var answer = await client.PostAsync($"/api/v1/servers/{server.Slug}/heartbeat", content: null);
        await Answers.AssertErrorAsync(answer, HttpStatusCode.BadRequest, "invalid_json");
    }

    [Theory]
    [InlineData("players", 500)]
    [InlineData("inventory", 2_000)]
    public async Task Beat_WithListsAtAndOverTheirLimit_IsTakenAndRefused(string member, int limit)
    {
        var server = await api.SeedServerAsync();
        using var most = await SendAsync(server, Lists(member, limit));
        Assert.Equal(HttpStatusCode.OK, most.StatusCode);
        using var more = await SendAsync(server, Lists(member, limit + 1));
        await Answers.AssertErrorAsync(more, HttpStatusCode.BadRequest, "invalid_heartbeat");
    }

    [Fact]
    public async Task Beat_Over64Kilobytes_Is413()
    {
        var server = await api.SeedServerAsync();
        var frame = "{\"currentPlayers\":1,\"x\":\"\"}".Length;
        using (var most = await SendAsync(server, Sized(64 * 1024))) Assert.Equal(HttpStatusCode.OK, most.StatusCode);
        using var answer = await SendAsync(server, Sized((64 * 1024) + 1));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too_large");

        StringContent Sized(int bytes) => new($"{{\"currentPlayers\":1,\"x\":\"{new string('x', bytes - frame)}\"}}", Encoding.UTF8, "application/json");
    }

    [Fact]
    public async Task Beat_AsAnotherContentType_Is415()
    {
        var server = await api.SeedServerAsync();
        using var answer = await SendAsync(server, new StringContent("currentPlayers=1", Encoding.UTF8, "application/x-www-form-urlencoded"));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Beat_WithoutCredentials_Is401()
    {
        var server = await api.SeedServerAsync();
        using var client = api.CreateClient();
        using var answer = await client.PostAsync($"/api/v1/servers/{server.Slug}/heartbeat", content: null);
        await Answers.AssertErrorAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Beat_AsAPlayer_Is403BeforeTheServerIsLookedFor()
    {
        using var client = api.CreateClient(TestCallers.Token("player", Role.Player, Scopes.ServersHeartbeat));
        using var answer = await client.PostAsync("/api/v1/servers/nobody/heartbeat", content: null);
        await Answers.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "role_required");
    }

    [Fact]
    public async Task Beat_WithoutTheScope_Is403()
    {
        var server = await api.SeedServerAsync();
        using var answer = await server.BeatAsync(new { currentPlayers = 1 }, server.Owner with { Scopes = new HashSet<string>(StringComparer.Ordinal) { Scopes.Favorites } });
        await Answers.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "scope_required");
    }

    [Fact]
    public async Task Beat_OfAnotherAccountsServer_Is403WhateverTheBody()
    {
        var server = await api.SeedServerAsync();
        using var answer = await server.BeatAsync(new { }, TestCallers.Token("mallory", Role.ServerOwner, Scopes.ServersHeartbeat));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "not_owner");
    }

    [Fact]
    public async Task Beat_WithATokenForOtherServers_Is403()
    {
        var server = await api.SeedServerAsync();
        using (var answer = await server.BeatAsync(new { currentPlayers = 1 }, server.Owner with { Servers = ["another"] }))
            await Answers.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "forbidden");
        using (var answer = await server.BeatAsync(new { currentPlayers = 1 }, server.Owner with { Servers = [server.Slug] }))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Not-A-Slug")]
    [InlineData("..%2F..%2Finternal")]
    public async Task Beat_OfAnUnknownServer_Is404WhateverTheBody(string slug)
    {
        using var client = api.CreateClient(TestCallers.Token("owner", Role.ServerOwner, Scopes.ServersHeartbeat));
        using var answer = await client.PostAsync($"/api/v1/servers/{slug}/heartbeat", content: null);
        await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
    }

    /// <summary>A body in which <c>*3</c> stands for three characters.</summary>
    private static StringContent Filled(string body) =>
        new(Stars().Replace(body, star => new string('x', int.Parse(star.ValueSpan[1..], CultureInfo.InvariantCulture))), Encoding.UTF8, "application/json");

    [GeneratedRegex("\\*[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Stars();

    private static StringContent Lists(string member, int count)
    {
        var item = member == "players" ? "\"a\"" : "{\"name\":\"a\"}";
        return new(string.Create(CultureInfo.InvariantCulture, $"{{\"currentPlayers\":1,\"{member}\":[{string.Join(',', Enumerable.Repeat(item, count))}]}}"), Encoding.UTF8, "application/json");
    }

    private async Task<HttpResponseMessage> SendAsync(TestServer server, HttpContent content)
    {
        using var client = api.CreateClient(server.Owner);
        return await client.PostAsync($"/api/v1/servers/{server.Slug}/heartbeat", content);
    }
}
