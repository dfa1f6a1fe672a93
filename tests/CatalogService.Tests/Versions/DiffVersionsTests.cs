using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class DiffVersionsTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Diff_TwoVersions_TellsWhatToFetchAndRemove()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        byte[] kept = await publisher.UploadAsync(), before = await publisher.UploadAsync("1"), after = await publisher.UploadAsync("22"), fresh = await publisher.UploadAsync("333");
        await PublishAsync(publisher, slug, "1.0.0", ("Mods/kept", kept), ("Mods/changed", before), ("Mods/gone", before));
        await PublishAsync(publisher, slug, "2.0.0", ("Mods/kept", kept), ("Mods/changed", after), ("Mods/new", fresh), ("Mods/moved", before));
        var diff = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/diff?from=1.0.0&to=2.0.0").JsonAsync();
        Assert.Equal(["from", "to", "added", "changed", "removed", "downloadSizeBytes"], diff.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("1.0.0", "2.0.0", 5L), (diff.GetProperty("from").GetString(), diff.GetProperty("to").GetString(), diff.GetProperty("downloadSizeBytes").GetInt64()));
        Assert.Equal(["Mods/moved", "Mods/new"], Paths(diff.GetProperty("added")));
        Assert.Equal(["Mods/changed"], Paths(diff.GetProperty("changed")));
        Assert.Equal(["Mods/gone"], diff.GetProperty("removed").EnumerateArray().Select(path => path.GetString()));
        var changed = diff.GetProperty("changed")[0];
        Assert.Equal((Publisher.Sha256(after), 2L), (changed.GetProperty("sha256").GetString(), changed.GetProperty("size").GetInt64()));
    }

    [Fact]
    public async Task Diff_OfOneVersionWithItself_IsEmpty()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        var diff = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/diff?from=1.0.0&to=1.0.0").JsonAsync();
        Assert.Equal((0, 0, 0, 0L), (
            diff.GetProperty("added").GetArrayLength(), diff.GetProperty("changed").GetArrayLength(), diff.GetProperty("removed").GetArrayLength(), diff.GetProperty("downloadSizeBytes").GetInt64()));
    }

    [Fact]
    public async Task Diff_Known_Is304AndCachedForEver()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0", "2.0.0");
        var path = $"/api/v1/packs/{slug}/diff?from=1.0.0&to=2.0.0";
        using var first = await api.Anonymous.GetAsync(path);
        Assert.Equal("public, max-age=31536000, immutable", first.Headers.GetValues("Cache-Control").Single());
        foreach (var known in new[] { first.Headers.ETag!.ToString(), $"W/{first.Headers.ETag}", "*", $"\"x\", {first.Headers.ETag}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            using var again = await api.Anonymous.SendAsync(request);
            Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        }

        using var other = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/diff?from=2.0.0&to=1.0.0");
        Assert.NotEqual(first.Headers.ETag, other.Headers.ETag);
    }

    [Theory]
    [InlineData("?to=1.0.0", "invalid_from")]
    [InlineData("?from=&to=1.0.0", "invalid_from")]
    [InlineData("?from=one&to=1.0.0", "invalid_from")]
    [InlineData("?from=1.0.0", "invalid_to")]
    [InlineData("?from=1.0.0&to=1.0", "invalid_to")]
    [InlineData("?from=1.0.0&from=2.0.0&to=1.0.0", "invalid_from")]
    public async Task Diff_WithoutTwoVersions_IsRefused(string query, string code)
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/diff{query}").FailsAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Diff_UnknownWithdrawnOrPrivate_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "2.0.0");
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/diff?from=1.0.0&to=3.0.0").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync("/api/v1/packs/no-such-pack/diff").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/2.0.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/diff?from=1.0.0&to=2.0.0").FailsAsync(HttpStatusCode.Gone, "withdrawn");

        var hidden = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.PublishAsync(hidden, "1.0.0");
        var path = $"/api/v1/packs/{hidden}/diff?from=1.0.0&to=1.0.0";
        using var own = await publisher.Client.GetAsync(path);
        Assert.Equal((true, false), (own.Headers.CacheControl!.Private, own.Headers.CacheControl.Public));
        foreach (var stranger in new[] { api.Anonymous, api.NewPublisher().Client, publisher.ClientWith(caller => caller with { Packs = ["another-pack"] }), api.NewPublisher(change: caller => caller with { Role = Role.Player }).Client })
            await stranger.GetAsync(path).FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static Task PublishAsync(Publisher publisher, string slug, string version, params (string Path, byte[] Content)[] files)
    {
        var draft = publisher.Draft(slug, version, files[0].Content);
        draft["files"] = new JsonArray([.. files.Select(file => (JsonNode)new JsonObject { ["path"] = file.Path, ["sha256"] = Publisher.Sha256(file.Content), ["size"] = file.Content.Length })]);
        return publisher.SendAsync(slug, publisher.Sign(draft)).SucceedsAsync(HttpStatusCode.Created);
    }

    private static IEnumerable<string?> Paths(JsonElement files) => files.EnumerateArray().Select(file => file.GetProperty("path").GetString());
}
