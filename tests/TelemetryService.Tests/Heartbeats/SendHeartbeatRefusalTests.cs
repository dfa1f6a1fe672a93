using System.Globalization;
using System.Net;
using System.Text;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests.Heartbeats;

public sealed class SendHeartbeatRefusalTests(TelemetryApi api) : IClassFixture<TelemetryApi>
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
        using var answer = await SendAsync(server, new StringContent($"{{\"currentPlayers\":1,\"x\":\"{new string('x', 64 * 1024)}\"}}", Encoding.UTF8, "application/json"));
        await Answers.AssertErrorAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too_large");
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
