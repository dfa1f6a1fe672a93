using System.Net;
using PackRelay.Contracts;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class WithdrawVersionTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Withdraw_Latest_LeavesTheOneBeforeAndIsGone()
    {
        await using var events = await api.ObserveAsync<PackVersionWithdrawn>();
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "2.0.0");
        await publisher.Client.PostAsync(Path(slug, "2.0.0"), new { reason = "broken" }).SucceedsAsync();
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/2.0.0").FailsAsync(HttpStatusCode.Gone, "withdrawn");
        Assert.Equal("1.0.0", (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync()).GetProperty("latestVersion").GetString());
        Assert.Equal("1.0.0", (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest").JsonAsync()).GetProperty("version").GetString());
        var listed = (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions").JsonAsync()).GetProperty("versions")[0].GetProperty("withdrawn");
        Assert.Equal("broken", listed.GetProperty("reason").GetString());
        Assert.EndsWith("Z", listed.GetProperty("at").GetString(), StringComparison.Ordinal);
        var withdrawn = await events.FirstAsync(found => found.Slug == slug);
        Assert.Equal(("2.0.0", "broken", "1.0.0", 4L), (withdrawn.Version, withdrawn.Reason, withdrawn.LatestVersion, withdrawn.Revision));
    }

    [Fact]
    public async Task Withdraw_Twice_KeepsTheFirstReasonAndTellsOnce()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        foreach (var reason in new[] { "first", "second" })
            await publisher.Client.PostAsync(Path(slug, "1.0.0"), new { reason }).SucceedsAsync();
        Assert.Equal("first", await api.ScalarAsync<string>("SELECT withdraw_reason FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1", slug));
        Assert.Equal(3, await api.ScalarAsync<long>("SELECT revision FROM packs WHERE slug = $1", slug));
    }

    [Fact]
    public async Task Withdraw_TheOnlyVersion_LeavesNone()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PostAsync(Path(slug, "1.0.0"), new { reason = "broken" }).SucceedsAsync();
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest").FailsAsync(HttpStatusCode.NotFound, "not_found");
        var pack = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync();
        Assert.Equal((null, 0), (pack.GetProperty("latestVersion").GetString(), pack.GetProperty("fileCount").GetInt32()));
    }

    [Fact]
    public async Task Restore_Withdrawn_IsLatestAgain()
    {
        await using var events = await api.ObserveAsync<PackVersionWithdrawn>();
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "2.0.0");
        await publisher.Client.PostAsync(Path(slug, "2.0.0"), new { reason = "broken" }).SucceedsAsync();
        foreach (var _ in Enumerable.Range(0, 2)) await publisher.Client.DeleteAsync(Path(slug, "2.0.0")).SucceedsAsync();
        Assert.Equal("2.0.0", (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest").JsonAsync()).GetProperty("version").GetString());
        var restored = await events.FirstAsync(found => found.Slug == slug && found.Reason is null);
        Assert.Equal(("2.0.0", 5L), (restored.LatestVersion, restored.Revision));
    }

    [Fact]
    public async Task Withdraw_WithoutTheRight_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var path = Path(slug, "1.0.0");
        await api.Anonymous.PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.CreateClient(TestCallers.Session("player")).PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await publisher.ClientWith(caller => caller with { Scopes = new HashSet<string> { "packs:publish" } }).DeleteAsync(path).FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await api.NewPublisher().Client.DeleteAsync(path).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await publisher.ClientWith(caller => caller with { Packs = ["another"] }).DeleteAsync(path).FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        await publisher.Client.PostTextAsync(Path(slug, "9.0.0"), "{}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("{}", "invalid_json")]
    [InlineData("""{"reason":null}""", "invalid_json")]
    [InlineData("""{"reason":"a","reason":"b"}""", "invalid_json")]
    [InlineData("""{"reason":""}""", "invalid_reason")]
    [InlineData("""{"reason":"a\u0000"}""", "invalid_json")]
    public async Task Withdraw_BadReason_IsRefused(string body, string code)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PostTextAsync(Path(slug, "1.0.0"), body).FailsAsync(HttpStatusCode.BadRequest, code);
        await publisher.Client.PostAsync(Path(slug, "1.0.0"), new { reason = new string('x', 501) }).FailsAsync(HttpStatusCode.BadRequest, "invalid_reason");
    }

    private static string Path(string slug, string version) => $"/api/v1/packs/{slug}/versions/{version}/withdraw";
}
