using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Packs;

public sealed class EditPackTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Edit_SomeFields_ChangesThemAloneAndAnnouncesIt()
    {
        await using var events = await api.ObserveAsync<PackChanged>();
        var owner = api.NewPublisher();
        var slug = await owner.CreatePackAsync(more: new { summary = "old", description = "stays", tags = new[] { "a" } });
        var page = await PatchAsync(owner, slug, new { name = "New", summary = (string?)null, tags = new[] { "b", "a" }, visibility = "unlisted", game = "valheim" }).JsonAsync();
        Assert.Equal(("New", "stays", "unlisted", "valheim"), (Text(page, "name"), Text(page, "description"), Text(page, "visibility"), Text(page, "game")));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("summary").ValueKind);
        Assert.Equal(["b", "a"], page.GetProperty("tags").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(page.GetRawText(), (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync()).GetRawText());
        var changed = await events.FirstAsync(found => found.Slug == slug && !found.Created);
        Assert.Equal((2L, "New", "unlisted"), (changed.Revision, changed.Name, changed.Visibility));

        await PatchAsync(owner, slug, new { name = "New", tags = new[] { "b", "a" } }).JsonAsync(); // nothing new: nobody is told
        await PatchAsync(owner, slug, new { tags = (string[]?)null }).JsonAsync();
        Assert.Equal(3, await api.ScalarAsync<long>("SELECT revision FROM packs WHERE slug = $1", slug));
    }

    [Theory]
    [InlineData("""{"name":null}""", "invalid_name")]
    [InlineData("""{"name":""}""", "invalid_name")]
    [InlineData("""{"summary":"a\nb"}""", "invalid_summary")]
    [InlineData("""{"tags":["a","a"]}""", "invalid_tags")]
    [InlineData("""{"coverImage":"ftp://x"}""", "invalid_cover_image")]
    [InlineData("""{"game":"tetris"}""", "invalid_game")]
    [InlineData("""{"game":null}""", "invalid_game")]
    [InlineData("""{"game":"valheim"}""", "invalid_game")] // it has a version
    [InlineData("""{"visibility":null}""", "invalid_visibility")]
    [InlineData("""{"visibility":"deleted"}""", "invalid_visibility")]
    [InlineData("""{"name":7}""", "invalid_json")]
    public async Task Edit_BadBody_NamesTheFieldAndChangesNothing(string body, string code)
    {
        var owner = api.NewPublisher();
        var slug = await owner.PublishPackAsync("1.0.0");
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/packs/{slug}") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        await owner.Client.SendAsync(request).FailsAsync(HttpStatusCode.BadRequest, code);
        Assert.Equal(2, await api.ScalarAsync<long>("SELECT revision FROM packs WHERE slug = $1", slug));
    }

    [Fact]
    public async Task Edit_IsFeatured_IsForAdmins()
    {
        var owner = api.NewPublisher();
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        var slug = await owner.CreatePackAsync();
        await PatchAsync(owner, slug, new { isFeatured = true }).FailsAsync(HttpStatusCode.Forbidden, "role_required");
        Assert.True((await PatchAsync(admin, slug, new { isFeatured = true }).JsonAsync()).GetProperty("isFeatured").GetBoolean());
        await PatchAsync(admin, slug, new { isFeatured = (bool?)null }).FailsAsync(HttpStatusCode.BadRequest, "invalid_is_featured");
    }

    [Fact]
    public async Task Delete_Pack_IsGoneForEverybodyAndComesBackToItsOwnerAlone()
    {
        await using var removals = await api.ObserveAsync<PackRemoved>();
        await using var servers = await api.ObserveAsync<ServerChanged>();
        var owner = api.NewPublisher();
        var slug = await owner.PublishPackAsync("1.0.0", "1.1.0");
        var server = await owner.CreateServerAsync();
        await owner.Client.PutAsJsonAsync($"/api/v1/servers/{server}/pack", new { slug }).JsonAsync();
        var path = $"/api/v1/packs/{slug}";
        await owner.Client.DeleteAsync(path).SucceedsAsync();

        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        foreach (var client in new[] { api.Anonymous, owner.Client, admin.Client })
        {
            foreach (var part in new[] { "", "/versions", "/versions/1.0.0", "/manifest", "/manifest/1.0.0", "/diff?from=1.0.0&to=1.1.0" })
                await client.GetAsync(path + part).FailsAsync(HttpStatusCode.NotFound, "not_found");
        }

        await owner.Client.DeleteAsync(path).FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.DoesNotContain(slug, (await owner.Client.GetAsync("/api/v1/me/packs").JsonAsync()).Slugs("packs"));
        Assert.Equal(owner.Caller.AccountId, (await removals.FirstAsync(found => found.Slug == slug)).OwnerId);
        await servers.FirstAsync(found => found.Slug == server && found.Change == ServerChange.PackDetached && found.Pack is null);
        Assert.Equal(JsonValueKind.Null, (await api.Anonymous.GetAsync($"/api/v1/servers/{server}").JsonAsync()).GetProperty("attachedPack").ValueKind);

        await api.NewPublisher().Client.PostAsync("/api/v1/packs", new { slug, name = "x", game = "7d2d" }).FailsAsync(HttpStatusCode.Conflict, "slug_taken");
        await owner.Client.PostAsync("/api/v1/packs", new { slug, name = "x", game = "valheim" }).FailsAsync(HttpStatusCode.BadRequest, "invalid_game");
        await owner.CreatePackAsync(slug);
        Assert.Equal(JsonValueKind.Null, (await api.Anonymous.GetAsync(path).JsonAsync()).GetProperty("latestVersion").ValueKind);
        await api.Anonymous.GetAsync($"{path}/manifest/1.0.0").FailsAsync(HttpStatusCode.Gone, "withdrawn");
        await owner.SendAsync(slug, owner.Sign(owner.Draft(slug, "1.0.0", await owner.UploadAsync()))).FailsAsync(HttpStatusCode.Conflict, "duplicate_version");
        await owner.Client.DeleteAsync($"{path}/versions/1.0.0/withdraw").SucceedsAsync();
        Assert.Equal("1.0.0", Text(await api.Anonymous.GetAsync(path).JsonAsync(), "latestVersion"));
    }

    [Fact]
    public async Task Delete_Pack_MakesRoomInThePlan()
    {
        var owner = api.NewPublisher(change: caller => caller with { Plan = "free" });
        var slugs = new List<string>();
        for (var number = 0; number < 10; number++) slugs.Add(await owner.CreatePackAsync());
        await owner.Client.PostAsync("/api/v1/packs", new { slug = Publisher.NewSlug(), name = "x", game = "7d2d" }).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await owner.Client.DeleteAsync($"/api/v1/packs/{slugs[0]}").SucceedsAsync();
        await owner.CreatePackAsync();
        await owner.Client.PostAsync("/api/v1/packs", new { slug = slugs[0], name = "x", game = "7d2d" }).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
    }

    [Fact]
    public async Task ListMine_PacksOfEachKind_ShowsThemWithTheRole()
    {
        var (owner, member) = (api.NewPublisher(), api.NewPublisher());
        await member.CreatePackAsync("zz-" + Publisher.NewSlug(), new { name = "zz", visibility = "private" });
        var slug = await owner.CreatePackAsync(more: new { name = "aa", visibility = "private" });
        await owner.Client.PostAsync($"/api/v1/packs/{slug}/members", new { username = member.Caller.Username, role = "publisher" }).SucceedsAsync(HttpStatusCode.Created);
        var first = await member.Client.GetAsync("/api/v1/me/packs?limit=1").JsonAsync();
        var second = await member.Client.GetAsync($"/api/v1/me/packs?limit=1&cursor={Text(first, "nextCursor")}").JsonAsync();
        Assert.Equal(["publisher", "owner"], first.GetProperty("packs").EnumerateArray().Concat(second.GetProperty("packs").EnumerateArray()).Select(pack => Text(pack, "role")));
        Assert.Equal([slug], (await member.ClientWith(caller => caller with { Packs = [slug] }).GetAsync("/api/v1/me/packs").JsonAsync()).Slugs("packs"));
        await api.Anonymous.GetAsync("/api/v1/me/packs").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static Task<HttpResponseMessage> PatchAsync(Publisher publisher, string slug, object body) => publisher.Client.PatchAsJsonAsync($"/api/v1/packs/{slug}", body);

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
