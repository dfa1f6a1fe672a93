using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests.Servers;

public sealed class EditServerTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Edit_SomeFields_ChangesThemAloneAndAnnouncesIt()
    {
        await using var events = await api.ObserveAsync<ServerChanged>();
        var owner = api.NewPublisher();
        var slug = await owner.CreateServerAsync(more: new { summary = "stays", connectAddress = "play.example.org", maxPlayers = 16 });
        var page = await PatchAsync(owner, slug, new { name = "New", region = "oc", connectAddress = (string?)null, maxPlayers = (int?)null, tags = new[] { "a" } }).JsonAsync();
        Assert.Equal(("New", "oc", "stays", 0), (Text(page, "name"), Text(page, "region"), Text(page, "summary"), page.GetProperty("maxPlayers").GetInt32()));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("connectAddress").ValueKind);
        var changed = await events.FirstAsync(found => found.Slug == slug && found.Change == ServerChange.Updated);
        Assert.Equal((2L, "New", "oc", 0), (changed.Revision, changed.Name, changed.Region, changed.MaxPlayers));
        Assert.False(page.GetProperty("showPlayers").GetBoolean());
        Assert.True((await PatchAsync(owner, slug, new { showPlayers = true }).JsonAsync()).GetProperty("showPlayers").GetBoolean());
        await events.FirstAsync(found => found.Slug == slug && found.ShowPlayers);
        Assert.False((await PatchAsync(owner, slug, new { showPlayers = (bool?)null }).JsonAsync()).GetProperty("showPlayers").GetBoolean());
        await PatchAsync(owner, slug, new { name = "New" }).JsonAsync(); // nothing new: nobody is told
        Assert.Equal(4, await api.ScalarAsync<long>("SELECT revision FROM servers WHERE slug = $1", slug));
    }

    [Theory]
    [InlineData("""{"name":null}""", "invalid_name")]
    [InlineData("""{"region":"moon"}""", "invalid_region")]
    [InlineData("""{"region":null}""", "invalid_region")]
    [InlineData("""{"game":"tetris"}""", "invalid_game")]
    [InlineData("""{"connectAddress":"a b"}""", "invalid_connect_address")]
    [InlineData("""{"maxPlayers":100001}""", "invalid_max_players")]
    [InlineData("""{"tags":["a,b"]}""", "invalid_tags")]
    [InlineData("""{"discordUrl":"x"}""", "invalid_discord_url")]
    [InlineData("""{"websiteUrl":"x"}""", "invalid_website_url")]
    [InlineData("""{"maxPlayers":"8"}""", "invalid_json")]
    public async Task Edit_BadBody_NamesTheField(string body, string code)
    {
        var owner = api.NewPublisher();
        var slug = await owner.CreateServerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/servers/{slug}") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        await owner.Client.SendAsync(request).FailsAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Delete_Server_IsGoneAndItsSlugStaysWithTheOwner()
    {
        await using var events = await api.ObserveAsync<ServerRemoved>();
        var owner = api.NewPublisher();
        var slug = await owner.CreateServerAsync();
        var id = await api.ScalarAsync<Guid>("SELECT id FROM servers WHERE slug = $1", slug);
        await owner.Client.DeleteAsync($"/api/v1/servers/{slug}").SucceedsAsync();
        await api.Anonymous.GetAsync($"/api/v1/servers/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await owner.Client.DeleteAsync($"/api/v1/servers/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        var removed = await events.FirstAsync(found => found.Slug == slug);
        Assert.Equal((id, 2L, owner.Caller.AccountId), (removed.ServerId, removed.Revision, removed.OwnerId));
        var other = api.NewPublisher();
        await other.Client.PostAsync("/api/v1/servers", new { slug, name = "x", region = "eu", game = "7d2d" }).FailsAsync(HttpStatusCode.Conflict, "slug_taken");
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM servers WHERE slug = $1", slug));
        await owner.CreateServerAsync(slug);
        Assert.NotEqual(id, await api.ScalarAsync<Guid>("SELECT id FROM servers WHERE slug = $1", slug));
    }

    [Fact]
    public async Task ListMine_Servers_ShowsOnesOwnPaged()
    {
        var owner = api.NewPublisher();
        await api.NewPublisher().CreateServerAsync();
        var (b, a) = (await owner.CreateServerAsync(more: new { name = "b" }), await owner.CreateServerAsync(more: new { name = "a" }));
        var first = await owner.Client.GetAsync("/api/v1/me/servers?limit=1").JsonAsync();
        var second = await owner.Client.GetAsync($"/api/v1/me/servers?limit=1&cursor={Text(first, "nextCursor")}").JsonAsync();
        Assert.Equal([a, b], first.Slugs("servers").Concat(second.Slugs("servers")));
        Assert.Equal([b], (await owner.ClientWith(caller => caller with { Servers = [b] }).GetAsync("/api/v1/me/servers").JsonAsync()).Slugs("servers"));
        await api.Anonymous.GetAsync("/api/v1/me/servers").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static Task<HttpResponseMessage> PatchAsync(Publisher publisher, string slug, object body) => publisher.Client.PatchAsJsonAsync($"/api/v1/servers/{slug}", body);

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
