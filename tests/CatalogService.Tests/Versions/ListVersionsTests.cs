using System.Net;
using System.Text.Json;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class ListVersionsTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task List_SeveralVersions_NewestFirstAndPaged()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "3.0.0", "2.0.0");
        var path = $"/api/v1/packs/{slug}/versions";
        var first = await api.Anonymous.GetAsync($"{path}?limit=2").JsonAsync();
        var second = await api.Anonymous.GetAsync($"{path}?limit=2&cursor={first.GetProperty("nextCursor").GetString()}").JsonAsync();
        Assert.Equal(["2.0.0", "3.0.0", "1.0.0"], Versions(first).Concat(Versions(second)));
        Assert.False(second.GetProperty("hasMore").GetBoolean());
        var version = first.GetProperty("versions")[0];
        Assert.Equal(
            ["changelog", "fileCount", "keyId", "publishedAt", "totalSizeBytes", "version", "withdrawn"], version.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("2026-01-02T03:04:05Z", JsonValueKind.Null), (version.GetProperty("publishedAt").GetString(), version.GetProperty("withdrawn").ValueKind));
        Assert.Equal(publisher.KeyId.ToString(), version.GetProperty("keyId").GetString());
    }

    [Fact]
    public async Task List_CursorOfAnotherPack_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "2.0.0");
        var cursor = (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions?limit=1").JsonAsync()).GetProperty("nextCursor").GetString();
        var other = await publisher.CreatePackAsync();
        await api.Anonymous.GetAsync($"/api/v1/packs/{other}/versions?cursor={cursor}").FailsAsync(HttpStatusCode.BadRequest, "invalid_cursor");
        await api.Anonymous.GetAsync($"/api/v1/packs/{other}/versions?limit=0").FailsAsync(HttpStatusCode.BadRequest, "invalid_limit");
        await api.Anonymous.GetAsync("/api/v1/packs/no-such-pack/versions").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static IEnumerable<string?> Versions(JsonElement page) => page.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("version").GetString());
}
