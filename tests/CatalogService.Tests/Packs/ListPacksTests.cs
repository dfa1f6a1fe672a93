using System.Net;
using PackRelay.CatalogService.Packs;
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

    [Theory]
    [InlineData("horde")]
    [InlineData("HORD")]
    [InlineData("undead nig")]
    [InlineData("näch")]
    [InlineData("NÄCHTE")]
    [InlineData("survival-x")]
    [InlineData("2.4")]
    [InlineData("darkrising.gg")]
    [InlineData("hordes & !|():*<-> ' \\ survival")]
    public async Task Search_BeginningsOfWordsInAnyField_FindsThePack(string words)
    {
        var publisher = api.NewPublisher(change: caller => caller with { DisplayName = "DarkRising.gg" });
        var slug = await publisher.CreatePackAsync(more: new
        {
            name = "Undead Nights", summary = "Hordes, for V 2.4 (b7)", description = "Lange Nächte", tags = new[] { tag, "survival-x" },
        });
        Assert.Equal([slug], (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={Uri.EscapeDataString(words)}").JsonAsync()).Slugs("packs"));
    }

    [Theory]
    [InlineData("nothinglikeit")]
    [InlineData("&|!():*")]
    [InlineData("''''")]
    [InlineData("\\")]
    [InlineData("🦊")]
    public async Task Search_WordsThatNoPackHas_FindsNothing(string words)
    {
        await api.NewPublisher().CreatePackAsync();
        Assert.Empty((await api.Anonymous.GetAsync($"{Path}?q={Uri.EscapeDataString(words)}").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Search_Relevance_PrefersTheName()
    {
        var publisher = api.NewPublisher();
        var word = $"w{Guid.NewGuid():N}";
        var inDescription = await publisher.CreatePackAsync(more: new { description = word });
        var inName = await publisher.CreatePackAsync(more: new { name = word });
        Assert.Equal([inName, inDescription], (await api.Anonymous.GetAsync($"{Path}?q={word}").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Search_MorePacksThanAreRanked_RanksTheMostDownloaded()
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync(); // the account's row
        var known = await SeedAsync(publisher, "known", ListPacks.MaxRanked);
        var unknown = await SeedAsync(publisher, "unknown", 3);
        await api.ExecuteAsync("UPDATE packs SET download_count = 1000 WHERE slug = ANY ($1)", (object)known);
        await api.ExecuteAsync("UPDATE packs SET download_count = 1, is_featured = false WHERE slug = ANY ($1)", (object)unknown);
        Assert.Equal(known.Order(StringComparer.Ordinal), (await WalkAsync($"q={tag}")).Order(StringComparer.Ordinal));
        Assert.Equal(known.Concat(unknown).Order(StringComparer.Ordinal), (await WalkAsync($"q={tag}&sort=name")).Order(StringComparer.Ordinal));
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
        var old = await SeedAsync(publisher, "old", 1000);
        var doomed = await SeedAsync(publisher, "doomed", 20);
        var seen = new List<string>();
        var (next, rounds) = ("", 0);
        do
        {
            var page = await api.Anonymous.GetAsync($"{Path}?q={tag}&sort={sort}&limit=97{next}").JsonAsync();
            seen.AddRange(page.Slugs("packs"));
            next = page.GetProperty("hasMore").GetBoolean() ? $"&cursor={page.GetProperty("nextCursor").GetString()}" : "";
            await SeedAsync(publisher, $"new{rounds++}", 3);
            await api.ExecuteAsync("DELETE FROM packs WHERE slug = $1", doomed[rounds % doomed.Length]);
        }
        while (next.Length > 0);
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(old.Except(seen, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("undaed", true)] // swapped
    [InlineData("undeed nigts", true)] // wrong and missing
    [InlineData("NIGHTTS", true)] // one too many
    [InlineData("unded zombies", false)] // nothing like zombies
    [InlineData("ud", false)]
    public async Task Search_MistypedWords_FindWhatIsAlike(string words, bool isFound)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync(more: new { name = "Undead Nights", tags = new[] { tag } });
        await publisher.CreatePackAsync(more: new { name = "Farming", tags = new[] { tag } });
        var page = await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={Uri.EscapeDataString(words)}").JsonAsync();
        Assert.Equal(isFound ? [slug] : [], page.Slugs("packs"));
    }

    [Theory]
    [InlineData("first pack", "frist")] // swapped, in a short word
    [InlineData("first pack", "firts pack")]
    [InlineData("first pack", "fisrt pac")] // beside the beginning of a word
    [InlineData("Sky Factory", "skyfactory")] // two words in one
    [InlineData("Sky Factory", "fcatory")]
    [InlineData("Überleben in Łódź", "uberlebn")]
    public async Task Search_MistypedShortWords_FindTheNearest(string name, string words)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync(more: new { name, tags = new[] { tag } });
        await publisher.CreatePackAsync(more: new { name = "Farming", tags = new[] { tag } });
        Assert.Equal([slug], (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={Uri.EscapeDataString(words)}").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Search_MistypedWordOfADeletedPack_FindsTheNearestThatIsThere()
    {
        var publisher = api.NewPublisher();
        var gone = await publisher.CreatePackAsync(more: new { name = "Zyxwab", tags = new[] { tag } });
        var slug = await publisher.CreatePackAsync(more: new { name = "Zyxwvv", tags = new[] { tag } });
        Assert.Equal([gone], (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q=zyxwaa").JsonAsync()).Slugs("packs"));
        await publisher.Client.DeleteAsync($"{Path}/{gone}").SucceedsAsync();
        Assert.Equal([slug], (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q=zyxwaa").JsonAsync()).Slugs("packs"));
    }

    [Theory]
    [InlineData("Überleben in Łódź", "uberleben")]
    [InlineData("Überleben in Łódź", "ÜBERLEBEN lodz")]
    [InlineData("Überleben in Łódź", "u\u0308ber")]
    [InlineData("U\u0308berleben", "überl")]
    [InlineData("Uberleben", "über")]
    [InlineData("Straßen", "strasse")]
    [InlineData("Pokémon Ætheria", "pokemon aether")]
    [InlineData("Đường phố", "duong pho")]
    public async Task Search_Accents_DoNotMatter(string name, string words)
    {
        var slug = await api.NewPublisher().CreatePackAsync(more: new { name, tags = new[] { tag } });
        Assert.Equal([slug], (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={Uri.EscapeDataString(words)}").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Search_MistypedWord_IsWalkedByCursorAndByOffset()
    {
        var publisher = api.NewPublisher();
        var word = string.Concat(Enumerable.Range(0, 12).Select(_ => (char)('a' + Random.Shared.Next(26))));
        foreach (var number in Enumerable.Range(0, 5)) await publisher.CreatePackAsync(more: new { name = $"{word} {number}", tags = new[] { tag } });
        var typed = $"{word[..^3]}7{word[^2..]}";
        foreach (var sort in new[] { "relevance", "name" })
        {
            var seen = new List<string>();
            var next = "";
            do
            {
                var page = await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={typed}&sort={sort}&limit=2{next}").JsonAsync();
                seen.AddRange(page.Slugs("packs"));
                next = page.GetProperty("hasMore").GetBoolean() ? $"&cursor={page.GetProperty("nextCursor").GetString()}" : "";
            }
            while (next.Length > 0);
            Assert.Equal((5, 5), (seen.Count, seen.Distinct(StringComparer.Ordinal).Count()));
            Assert.Equal(seen[4..], (await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={typed}&sort={sort}&limit=2&offset=4").JsonAsync()).Slugs("packs"));
        }

        Assert.Empty((await api.Anonymous.GetAsync($"{Path}?tag={tag}&q={word}&offset=10").JsonAsync()).Slugs("packs")); // past the end of what has the word
    }

    [Fact]
    public async Task List_Pages_AreLinkedWithTheirNeighbours()
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync();
        await SeedAsync(publisher, "some", 5);
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
        await SeedAsync(publisher, "some", 5);
        var page = await api.Anonymous.GetAsync($"{Path}?tag={tag}&sort=name&limit=2&offset=2").JsonAsync();
        Assert.Equal((2, 4), (page.Slugs("packs").Length, page.GetProperty("nextOffset").GetInt32()));
        Assert.Single((await api.Anonymous.GetAsync($"{Path}?tag={tag}&sort=name&limit=2&offset=4").JsonAsync()).Slugs("packs"));
    }

    [Fact]
    public async Task Cursor_OfAnotherFilterOrSort_IsRefused()
    {
        var publisher = api.NewPublisher();
        await publisher.CreatePackAsync();
        await SeedAsync(publisher, "some", 3);
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

    private async Task<List<string>> WalkAsync(string query)
    {
        var seen = new List<string>();
        var next = "";
        do
        {
            var page = await api.Anonymous.GetAsync($"{Path}?{query}&limit=100{next}").JsonAsync();
            seen.AddRange(page.Slugs("packs"));
            next = page.GetProperty("hasMore").GetBoolean() ? $"&cursor={page.GetProperty("nextCursor").GetString()}" : "";
        }
        while (next.Length > 0);
        return seen;
    }

    private async Task<string[]> SeedAsync(Publisher publisher, string prefix, int count)
    {
        const string Sql = """
            INSERT INTO packs (id, slug, owner_id, publisher_name, name, tags, game, visibility, created_at, active_at, download_count, is_featured)
            SELECT gen_random_uuid(), slug, $1, 'p', left(slug, 5), ARRAY[$2], '7d2d', 'public', now(), now() - (number % 7) * interval '1 s', number % 5, number % 50 = 0
              FROM unnest($3) WITH ORDINALITY AS seed (slug, number)
            """;
        var slugs = Enumerable.Range(0, count).Select(number => $"{prefix}-{number}-{Guid.NewGuid():N}").ToArray();
        await api.ExecuteAsync(Sql, publisher.Caller.AccountId, tag, slugs);
        return slugs;
    }
}
