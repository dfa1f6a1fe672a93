using PackRelay.CatalogService.Packs;

namespace PackRelay.CatalogService.Tests.Packs;

/// <summary>What <c>q</c> finds.</summary>
public sealed class SearchPacksTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/packs";

    // A tag of its own keeps each test's packs apart from those of the others.
    private readonly string tag = $"tag{Guid.NewGuid():N}";

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
        var known = await api.SeedPacksAsync(publisher, tag, "known", ListPacks.MaxRanked);
        var unknown = await api.SeedPacksAsync(publisher, tag, "known-less", 3);
        await api.ExecuteAsync("UPDATE packs SET download_count = 1000 WHERE slug = ANY ($1)", (object)known);
        await api.ExecuteAsync("UPDATE packs SET download_count = 1, is_featured = false WHERE slug = ANY ($1)", (object)unknown);
        Assert.Equal(known.Order(StringComparer.Ordinal), (await WalkAsync($"q={tag}")).Order(StringComparer.Ordinal));
        Assert.Equal(known.Concat(unknown).Order(StringComparer.Ordinal), (await WalkAsync($"q={tag}&sort=name")).Order(StringComparer.Ordinal));
        Assert.Equal(known.Order(StringComparer.Ordinal), (await WalkAsync("q=knonw")).Order(StringComparer.Ordinal)); // mistyped
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
}
