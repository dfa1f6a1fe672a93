using System.Net;
using System.Net.Http.Json;
using System.Text;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class EditVersionTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Patch_Changelog_IsSetKeptAndCleared()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var path = $"/api/v1/packs/{slug}/versions/1.0.0";
        var answer = await publisher.Client.PatchAsJsonAsync(path, new { changelog = "# “New”\n- 🦊" }).JsonAsync();
        Assert.Equal("# “New”\n- 🦊", answer.GetProperty("changelog").GetString());
        Assert.Equal("1.0.0", answer.GetProperty("version").GetString());
        await publisher.Client.PatchAsJsonAsync(path, new { other = 1 }).JsonAsync();
        var listed = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions").JsonAsync();
        Assert.Equal("# “New”\n- 🦊", listed.GetProperty("versions")[0].GetProperty("changelog").GetString());
        await publisher.Client.PatchAsJsonAsync(path, new { changelog = (string?)null }).JsonAsync();
        Assert.Null((await api.Anonymous.GetAsync(path).JsonAsync()).GetProperty("changelog").GetString());
    }

    [Fact]
    public async Task Patch_TooLongOrNoText_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var path = $"/api/v1/packs/{slug}/versions/1.0.0";
        await publisher.Client.PatchAsJsonAsync(path, new { changelog = new string('x', 20_000) }).JsonAsync();
        await publisher.Client.PatchAsJsonAsync(path, new { changelog = new string('x', 20_001) }).FailsAsync(HttpStatusCode.BadRequest, "invalid_changelog");
        foreach (var body in new[] { "{\"changelog\":1}", "{", "null", "{\"changelog\":\"\\u0000\"}" })
            await publisher.Client.PatchAsync(path, new StringContent(body, Encoding.UTF8, "application/json")).FailsAsync(HttpStatusCode.BadRequest, "invalid_json");
        await publisher.Client.PatchAsync(path, new StringContent("{}", Encoding.UTF8, "text/plain")).FailsAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await publisher.Client.PatchAsync(path, new StringContent(new string(' ', 300_000), Encoding.UTF8, "application/json")).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task Patch_OthersThanTheOwner_AreRefusedBeforeTheBodyIsRead()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var path = $"/api/v1/packs/{slug}/versions/1.0.0";
        await Refused(api.Anonymous, path, HttpStatusCode.Unauthorized, "unauthenticated");
        await Refused(publisher.ClientWith(caller => caller with { Role = Role.Player }), path, HttpStatusCode.Forbidden, "role_required");
        await Refused(publisher.ClientWith(caller => caller with { Scopes = new HashSet<string> { Scopes.Favorites } }), path, HttpStatusCode.Forbidden, "scope_required");
        await Refused(publisher.ClientWith(caller => caller with { Packs = ["another-pack"] }), path, HttpStatusCode.Forbidden, "forbidden");
        await Refused(api.NewPublisher().Client, path, HttpStatusCode.Forbidden, "not_owner");
        await Refused(publisher.Client, $"/api/v1/packs/{slug}/versions/2.0.0", HttpStatusCode.NotFound, "not_found");
        await Refused(publisher.Client, "/api/v1/packs/no-such-pack/versions/1.0.0", HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData(Scopes.PacksPublish)]
    [InlineData(Scopes.PacksWrite)]
    public async Task Patch_WithEitherScope_Works(string scope)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var client = publisher.ClientWith(caller => caller with { Scopes = new HashSet<string> { scope }, Packs = [slug] });
        await client.PatchAsJsonAsync($"/api/v1/packs/{slug}/versions/1.0.0", new { changelog = "x" }).JsonAsync();
    }

    private static Task<System.Text.Json.JsonElement> Refused(HttpClient client, string path, HttpStatusCode status, string code) =>
        client.PatchAsync(path, new StringContent("{", Encoding.UTF8, "application/json")).FailsAsync(status, code);
}
