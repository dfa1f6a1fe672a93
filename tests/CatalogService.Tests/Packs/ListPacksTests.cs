using System.Net;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests.Packs;

public sealed class ListPacksTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/packs";

    // A tag of its own keeps each test's packs apart from those of the others.
    private readonly string tag = $"tag{Guid.NewGuid():N}";

    [Fact]
    public async Task List_PackOfEachVisibility_ShowsPublicOnesOnly()
    {
        var publisher = api.NewPublisher();
        var shown = await publisher.CreatePackAsync(more: new { tags = new[] { tag } });
        await publisher.CreatePackAsync(more: new { tags = new[] { tag }, visibility = "unlisted" });
        await publisher.CreatePackAsync(more: new { tags = new[] { tag }, visibility = "private" });
        var page = await publisher.Client.GetAsync($"{Path}?tag={tag}").JsonAsync();
        Assert.Equal([shown], page.Slugs("packs"));
        Assert.False(page.GetProperty("hasMore").GetBoolean());
        Assert.False(page.TryGetProperty("nextCursor", out _));
    }

    [Fact]
    public async Task Filter_TagsRepeatedOrWithCommas_NeedsAllOfThem()
    {
        var publisher = api.NewPublisher();
        var both = await publisher.CreatePackAsync(more: new { tags = new[] { tag, "x", "y" }, game = "valheim" });
        await publisher.CreatePackAsync(more: new { tags = new[] { tag, "x" } });
        foreach (var query in new[] { $"tag={tag}&tag=x&tag=y", $"tag={tag},x,y", $"tag={tag},y&tag=x", $"tag={tag}&game=valheim" })
            Assert.Equal([both], (await api.Anonymous.GetAsync($"{Path}?{query}").JsonAsync()).Slugs("packs"));
        Assert.Empty((await api.Anonymous.GetAsync($"{Path}?tag={tag}&game=unknown").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Sort_EachOrder_PutsFeaturedFirst()
    {
        var publisher = api.NewPublisher();
        var (a, b, c) = (await Pack("alpha"), await Pack("Beta"), await Pack("gamma"));
        await api.ExecuteAsync("UPDATE packs SET download_count = CASE slug WHEN $1 THEN 5 WHEN $2 THEN 9 ELSE 1 END, installs_last_week = CASE slug WHEN $1 THEN 7 ELSE 0 END WHERE slug IN ($1, $2, $3)", a, b, c);
        Assert.Equal([b, a, c], await Sorted("popular"));
        Assert.Equal([b, a, c], await Sorted(""));
        Assert.Equal([c, b, a], await Sorted("recent"));
        Assert.Equal([a, b, c], await Sorted("name"));
        Assert.Equal(a, (await Sorted("trending"))[0]);
        await api.ExecuteAsync("UPDATE packs SET is_featured = true WHERE slug = $1", b);
        foreach (var sort in new[] { "popular", "recent", "name", "trending", "relevance" }) Assert.Equal(b, (await Sorted(sort))[0]);
        await publisher.RegisterKeyAsync();
        await publisher.PublishAsync(a, "1.0.0");
        Assert.Equal([b, a, c], await Sorted("recent"));

        Task<string> Pack(string name) => publisher.CreatePackAsync(more: new { name, tags = new[] { tag } });
        async Task<string[]> Sorted(string sort) => (await api.Anonymous.GetAsync($"{Path}?tag={tag}&sort={sort}").JsonAsync()).Slugs("packs");
    }

    [Theory]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("offset=10001", "invalid_offset")]
    [InlineData("cursor=abc", "invalid_cursor")]
    [InlineData("sort=best", "invalid_sort")]
    [InlineData("tag=a%00b", "invalid_tag")]
    [InlineData("game=%00", "invalid_game")]
    public async Task List_BadQuery_NamesTheParameter(string query, string code) =>
        await api.Anonymous.GetAsync($"{Path}?{query}").FailsAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task List_TenKilobyteQuery_IsRefused() =>
        await api.Anonymous.GetAsync($"{Path}?q={new string('x', 7_000)}").FailsAsync(HttpStatusCode.BadRequest, "invalid_q");

    [Theory]
    [InlineData("popular")]
    [InlineData("recent")]
    [InlineData("name")]
    [InlineData("trending")]
    [InlineData("relevance")]
    public async Task Walk_WhilePacksComeAndGo_ShowsEveryOldPackOnce(string sort)
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync(); // the account's row
        var old = await api.SeedPacksAsync(publisher, tag, "old", 1000);
        var doomed = await api.SeedPacksAsync(publisher, tag, "doomed", 20);
        var seen = new List<string>();
        var (next, rounds) = ("", 0);
        do
        {
            var page = await api.Anonymous.GetAsync($"{Path}?q={tag}&sort={sort}&limit=97{next}").JsonAsync();
            seen.AddRange(page.Slugs("packs"));
            next = page.GetProperty("hasMore").GetBoolean() ? $"&cursor={page.GetProperty("nextCursor").GetString()}" : "";
            await api.SeedPacksAsync(publisher, tag, $"new{rounds++}", 3);
            await api.ExecuteAsync("DELETE FROM packs WHERE slug = $1", doomed[rounds % doomed.Length]);
        }
        while (next.Length > 0);
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(old.Except(seen, StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_Pages_AreLinkedWithTheirNeighbours()
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync();
        await api.SeedPacksAsync(publisher, tag, "some", 5);
        using var first = await api.Anonymous.GetAsync($"{Path}?tag={tag}&tag={tag}&limit=2&sort=name");
        var cursor = (await Task.FromResult(first).JsonAsync()).GetProperty("nextCursor").GetString();
        var same = $"http://localhost:8080{Path}?tag={tag}&tag={tag}&limit=2&sort=name";
        Assert.Equal($"<{same}&cursor={cursor}>; rel=\"next\"", Assert.Single(first.Headers.GetValues("Link")));
        using var byOffset = await api.Anonymous.GetAsync($"{Path}?offset=2&limit=2&tag={tag}");
        var there = $"http://localhost:8080{Path}?limit=2&tag={tag}";
        Assert.Equal(
            $"<{there}&offset=4>; rel=\"next\", <{there}&offset=0>; rel=\"prev\", <{there}&offset=0>; rel=\"first\"", string.Join(", ", byOffset.Headers.GetValues("Link")));
        using var last = await api.Anonymous.GetAsync($"{Path}?tag={tag}");
        Assert.False(last.Headers.Contains("Link"));
    }

    [Fact]
    public async Task Walk_ByOffset_GivesTheNextOffset()
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync();
        await api.SeedPacksAsync(publisher, tag, "some", 5);
        var page = await api.Anonymous.GetAsync($"{Path}?tag={tag}&sort=name&limit=2&offset=2").JsonAsync();
        Assert.Equal((2, 4), (page.Slugs("packs").Length, page.GetProperty("nextOffset").GetInt32()));
        Assert.Single((await api.Anonymous.GetAsync($"{Path}?tag={tag}&sort=name&limit=2&offset=4").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Cursor_OfAnotherFilterOrSort_IsRefused()
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync();
        await api.SeedPacksAsync(publisher, tag, "some", 3);
        var cursor = (await api.Anonymous.GetAsync($"{Path}?tag={tag}&limit=1").JsonAsync()).GetProperty("nextCursor").GetString();
        foreach (var query in new[] { $"tag={tag}&sort=name", $"tag={tag}&q=x", $"tag={tag},x", $"tag={tag}&game=7d2d", "limit=1" })
            await api.Anonymous.GetAsync($"{Path}?{query}&cursor={cursor}").FailsAsync(HttpStatusCode.BadRequest, "invalid_cursor");
        Assert.Single((await api.Anonymous.GetAsync($"{Path}?tag={tag}&limit=1&cursor={cursor}&offset=1000").JsonAsync()).Slugs("packs")); // the cursor wins
    }

    [Fact]
    public async Task List_PublisherIsRenamed_ShowsAndFindsTheNewName()
    {
        await using var events = await api.ObserveAsync<PackChanged>();
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync(more: new { tags = new[] { tag } });
        var deleted = await publisher.CreatePackAsync();
        await publisher.Client.DeleteAsync($"{Path}/{deleted}").SucceedsAsync();
        var account = publisher.Caller;
        await api.PublishAsync(new AccountChanged(Guid.NewGuid(), DateTimeOffset.UnixEpoch, account.AccountId, 2, account.Username, "Renamed People", "server_owner", "pro"));
        await api.WaitUntilAsync(async () => await FoundAsync("renamed"), TimeSpan.FromSeconds(20), "the new name is found");
        await api.PublishAsync(new AccountChanged(Guid.NewGuid(), DateTimeOffset.UnixEpoch, account.AccountId, 1, account.Username, "Older", "server_owner", "pro"));
        await api.PublishAsync(new AccountChanged(Guid.NewGuid(), DateTimeOffset.UnixEpoch, account.AccountId, 3, account.Username, "Newest", "server_owner", "pro"));
        await api.WaitUntilAsync(async () => await FoundAsync("newest"), TimeSpan.FromSeconds(20), "the newest name is found");
        await events.FirstAsync(changed => changed.Slug == slug && changed.Revision == 3); // the gateways forget what they keep of it, once for each name
        Assert.DoesNotContain(events.Received, changed => changed.Slug == deleted && !changed.Created);
        Assert.Equal("Newest", (await api.Anonymous.GetAsync($"{Path}/{slug}").JsonAsync()).GetProperty("publisherName").GetString());

        async Task<bool> FoundAsync(string word) => (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={word}").JsonAsync()).Slugs("packs").Length == 1;
    }
}
