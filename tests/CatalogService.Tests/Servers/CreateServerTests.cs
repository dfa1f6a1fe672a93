using System.Net;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Servers;

public sealed class CreateServerTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/servers";

    [Fact]
    public async Task Create_AllFields_AnswersTheServerAndAnnouncesIt()
    {
        await using var events = await api.ObserveAsync<ServerChanged>();
        var publisher = api.NewPublisher();
        var slug = Publisher.NewSlug("server");
        using var response = await publisher.Client.PostAsync(Path, new
        {
            slug, name = "My server", region = "na_east", game = "7d2d", summary = "s", description = "d\n", connectAddress = "play.example.org:26900", maxPlayers = 16,
            tags = new[] { "pve" }, discordUrl = "https://discord.gg/x", websiteUrl = "https://example.org", showPlayers = true,
        });
        var server = await Task.FromResult(response).JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"{Path}/{slug}", response.Headers.Location?.ToString());
        Assert.Equal(
            [
                "attachedPack", "connectAddress", "createdAt", "currentPlayers", "description", "discordUrl", "favoriteCount", "game", "lastSeenAt", "maxPlayers",
                "name", "online", "region", "showPlayers", "slug", "summary", "tags", "uptimePct", "websiteUrl",
            ],
            server.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((16, 0, false, 0d), (server.GetProperty("maxPlayers").GetInt32(), server.GetProperty("currentPlayers").GetInt32(), server.GetProperty("online").GetBoolean(), server.GetProperty("uptimePct").GetDouble()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (server.GetProperty("lastSeenAt").ValueKind, server.GetProperty("attachedPack").ValueKind));
        Assert.Equal(server.GetRawText(), (await api.Anonymous.GetAsync($"{Path}/{slug}").JsonAsync()).GetRawText());

        var created = await events.FirstAsync(found => found.Slug == slug);
        Assert.Equal((1L, ServerChange.Created, publisher.Caller.AccountId, "na_east", 16), (created.Revision, created.Change, created.OwnerId, created.Region, created.MaxPlayers));
        Assert.Null(created.Pack);
        Assert.True(created.ShowPlayers && server.GetProperty("showPlayers").GetBoolean());
    }

    [Theory]
    [InlineData("slug", "\"Upper\"", "invalid_slug")]
    [InlineData("name", "\"\"", "invalid_name")]
    [InlineData("region", "\"mars\"", "invalid_region")]
    [InlineData("game", "\"tetris\"", "invalid_game")]
    [InlineData("connectAddress", "\"\"", "invalid_connect_address")]
    [InlineData("connectAddress", "\"host:0\"", "invalid_connect_address")]
    [InlineData("connectAddress", "\"host:65536\"", "invalid_connect_address")]
    [InlineData("connectAddress", "\"a b\"", "invalid_connect_address")]
    [InlineData("connectAddress", "\"[::1\"", "invalid_connect_address")]
    [InlineData("connectAddress", "\"[fe80::1%eth0]:1\"", "invalid_connect_address")]
    [InlineData("maxPlayers", "-1", "invalid_max_players")]
    [InlineData("maxPlayers", "100001", "invalid_max_players")]
    [InlineData("maxPlayers", "1e999", "invalid_json")]
    [InlineData("maxPlayers", "1.5", "invalid_json")]
    [InlineData("discordUrl", "\"ftp://x\"", "invalid_discord_url")]
    [InlineData("websiteUrl", "\"x\"", "invalid_website_url")]
    [InlineData("tags", "\"pve\"", "invalid_json")]
    [InlineData("region", "null", "invalid_json")]
    public async Task Create_BadField_NamesIt(string field, string value, string code)
    {
        var fields = new Dictionary<string, string> { ["slug"] = "\"s1\"", ["name"] = "\"x\"", ["region"] = "\"eu\"", ["game"] = "\"7d2d\"", [field] = value };
        var body = "{" + string.Join(",", fields.Select(member => $"\"{member.Key}\":{member.Value}")) + "}";
        await api.NewPublisher().Client.PostTextAsync(Path, body).FailsAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("play.example.org")]
    [InlineData("192.0.2.1:26900")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2001:db8::1]:1")]
    public async Task Create_GoodAddress_IsKept(string connectAddress)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreateServerAsync(more: new { connectAddress });
        Assert.Equal(connectAddress, (await api.Anonymous.GetAsync($"{Path}/{slug}").JsonAsync()).GetProperty("connectAddress").GetString());
    }

    [Fact]
    public async Task Create_WithoutTheRight_IsRefused()
    {
        await api.Anonymous.PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.CreateClient(TestCallers.Session("player")).PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await api.NewPublisher(change: caller => caller with { Scopes = new HashSet<string> { "packs:write" } }).Client.PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await api.NewPublisher(change: caller => caller with { Servers = ["another"] }).Client.PostAsync(Path, new { slug = "s1", name = "x", region = "eu", game = "7d2d" })
            .FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        await api.NewPublisher().Client.PostHugeAsync(Path).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await api.NewPublisher().Client.PostTextAsync(Path, "{}", "text/plain").FailsAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Create_SlugOfAnotherServer_IsTaken()
    {
        var slug = await api.NewPublisher().CreateServerAsync();
        await api.NewPublisher().Client.PostAsync(Path, new { slug, name = "x", region = "eu", game = "7d2d" }).FailsAsync(HttpStatusCode.Conflict, "slug_taken");
    }

    [Fact]
    public async Task Create_MoreThanThePlanAllows_IsRefused()
    {
        var publisher = api.NewPublisher(change: caller => caller with { Plan = "free" });
        await publisher.CreateServerAsync();
        await api.ExecuteAsync(
            "INSERT INTO servers (id, slug, owner_id, name, region, game, tags, max_players, created_at) SELECT gen_random_uuid(), gen_random_uuid()::text, $1, 'x', 'eu', '7d2d', '{}', 0, now() FROM generate_series(2, 50)",
            publisher.Caller.AccountId);
        await publisher.Client.PostAsync(Path, new { slug = Publisher.NewSlug(), name = "x", region = "eu", game = "7d2d" }).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
    }

    [Fact]
    public async Task Get_UnknownSlug_IsNotFound()
    {
        await api.Anonymous.GetAsync($"{Path}/no-such-server").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync("/internal/servers/no-such-server").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }
}
