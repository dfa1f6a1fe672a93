using System.Net;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class GetVersionTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Get_PublishedVersion_HasEveryMember()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = await publisher.PublishAsync(slug, "1.0.0");
        var version = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync();
        Assert.Equal(
            ["bundle", "changelog", "fileCount", "keyId", "manifestSha256", "manifestUrl", "publishedAt", "reason", "status", "totalSizeBytes", "version", "withdrawn"],
            version.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("1.0.0", "2026-01-02T03:04:05Z", 1, "published"), (Text(version, "version"), Text(version, "publishedAt"), version.GetProperty("fileCount").GetInt32(), Text(version, "status")));
        Assert.Equal((publisher.KeyId.ToString(), Publisher.Sha256(manifest)), (Text(version, "keyId"), Text(version, "manifestSha256")));
        Assert.EndsWith($"/api/v1/packs/{slug}/manifest/1.0.0", Text(version, "manifestUrl"), StringComparison.Ordinal);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (version.GetProperty("withdrawn").ValueKind, version.GetProperty("reason").ValueKind));
    }

    [Fact]
    public async Task Get_WithdrawnVersion_SaysWhy()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/1.0.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        var version = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync();
        Assert.Equal("broken", version.GetProperty("withdrawn").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Get_UnknownPackOrVersion_Is404()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        foreach (var path in new[] { $"{slug}/versions/2.0.0", $"{slug}/versions/nonsense", "no-such-pack/versions/1.0.0" })
            await api.Anonymous.GetAsync($"/api/v1/packs/{path}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Get_PrivatePack_OnlyItsOwner()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var slug = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.PublishAsync(slug, "1.0.0");
        var path = $"/api/v1/packs/{slug}/versions/1.0.0";
        await publisher.Client.GetAsync(path).JsonAsync();
        var strangers = new[]
        {
            api.Anonymous,
            api.NewPublisher().Client,
            api.NewPublisher(change: caller => caller with { Role = Role.Player }).Client,
            publisher.ClientWith(caller => caller with { Packs = ["another-pack"] }),
        };
        foreach (var stranger in strangers) await stranger.GetAsync(path).FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Head_Version_HasNoBody()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        using var response = await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/v1/packs/{slug}/versions/1.0.0"));
        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }

    private static string? Text(JsonElement version, string member) => version.GetProperty(member).GetString();
}
