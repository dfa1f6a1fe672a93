using System.Net;
using System.Xml.Linq;
using PackRelay.CatalogService.Badges;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests.Badges;

public sealed class BadgeTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a & b \"c\" 'd'")]
    [InlineData("bell \u0007 and \uFFFF")]
    [InlineData("half \ud83e a pair")]
    [InlineData("🦊é漢字")]
    public void Draw_TextOfOthers_IsTextAndNothingElse(string text)
    {
        var badge = XDocument.Parse(Badge.Draw(text, text, Badge.Green));
        Assert.Equal(["clipPath", "g", "g", "title"], badge.Root!.Elements().Select(element => element.Name.LocalName).Order(StringComparer.Ordinal));
        Assert.All(badge.Descendants().Where(element => element.Name.LocalName is "text" or "title"), element => Assert.False(element.HasElements));
        if (text.Contains('&', StringComparison.Ordinal)) Assert.Equal(text, badge.Descendants().First(element => element.Name.LocalName == "text").Value);
    }

    [Fact]
    public void Draw_LongText_IsCut()
    {
        var badge = XDocument.Parse(Badge.Draw(new string('x', 200), "1", Badge.Grey));
        Assert.Equal(new string('x', 59) + "…", badge.Descendants().First(element => element.Name.LocalName == "text").Value);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1k")]
    [InlineData(1_299, "1.2k")]
    [InlineData(999_999, "999k")]
    [InlineData(1_234_567, "1.2M")]
    public void Count_OfAnySize_IsShort(long count, string text) => Assert.Equal(text, Badge.Count(count));

    [Fact]
    public async Task ServerBadge_ShowsStatusAndPlayers()
    {
        var slug = await api.NewPublisher().CreateServerAsync(more: new { name = "Ada & friends", maxPlayers = 16 });
        Assert.Equal(("Ada & friends", "offline"), await ReadAsync($"/api/v1/servers/{slug}/badge.svg"));

        var id = await api.ScalarAsync<Guid>("SELECT id FROM servers WHERE slug = $1", slug);
        var now = TimeProvider.System.GetUtcNow();
        await api.PublishAsync(new ServersLive(Guid.NewGuid(), now, [new LiveServer(id, 5, 20, now, Online: true, 100)]));
        await api.WaitUntilAsync(async () => await ReadAsync($"/api/v1/servers/{slug}/badge.svg") == ("Ada & friends", "online 5/20"), TimeSpan.FromSeconds(20), "the badge follows");
    }

    [Fact]
    public async Task PackBadge_ShowsVersionAndDownloads()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        Assert.Equal(("A pack", "no version · 0 downloads"), await ReadAsync($"/api/v1/packs/{slug}/badge.svg"));
        await publisher.PublishAsync(slug, "1.2.3");
        await api.ExecuteAsync("UPDATE packs SET download_count = 1234 WHERE slug = $1", slug);
        Assert.Equal(("A pack", "v1.2.3 · 1.2k downloads"), await ReadAsync($"/api/v1/packs/{slug}/badge.svg"));
    }

    [Fact]
    public async Task PackBadge_OfAPrivatePack_Is404ForItsOwnerToo()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.Client.GetAsync($"/api/v1/packs/{slug}/badge.svg").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync("/api/v1/packs/nothing/badge.svg").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync("/api/v1/servers/nothing/badge.svg").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<(string Label, string Value)> ReadAsync(string path)
    {
        using var answer = await api.Anonymous.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("image/svg+xml", "public, max-age=30"), (answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        var texts = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToArray();
        return (texts[0], texts[1]);
    }
}
