using System.Net;
using System.Net.Http.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Servers;

public sealed class ListServersTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/servers";

    [Fact]
    public async Task List_FilteredAndSorted_ShowsWhatWasAskedFor()
    {
        var publisher = api.NewPublisher();
        var pack = await publisher.CreatePackAsync();
        var (quiet, busy, gone) = (await ServerAsync("beta", "eu"), await ServerAsync("Alpha", "oc"), await ServerAsync("gamma", "eu"));
        await LiveAsync(quiet, players: 2, isOnline: true, secondsAgo: 10);
        await LiveAsync(busy, players: 9, isOnline: true, secondsAgo: 10);
        await LiveAsync(gone, players: 50, isOnline: false, secondsAgo: 10);
        await api.ExecuteAsync("UPDATE servers SET favorite_count = 3 WHERE slug = $1", gone);

        Assert.Equal([busy, quiet, gone], await SlugsAsync(""));
        Assert.Equal([busy, quiet, gone], await SlugsAsync("&sort=players"));
        Assert.Equal([gone, busy, quiet], await SlugsAsync("&sort=recent"));
        Assert.Equal([busy, quiet, gone], await SlugsAsync("&sort=name"));
        Assert.Equal(gone, (await SlugsAsync("&sort=favorites"))[0]);
        Assert.Equal([quiet, gone], await SlugsAsync("&region=eu"));
        Assert.Equal([busy, quiet], await SlugsAsync("&online=true"));
        Assert.Equal([gone], await SlugsAsync("&online=false"));
        Assert.Equal(3, (await SlugsAsync("&game=7d2d")).Length);
        Assert.Empty(await SlugsAsync("&game=valheim"));
        Assert.Empty(await SlugsAsync("&region=mars"));
        Assert.Empty(await SlugsAsync("x"));

        async Task<string> ServerAsync(string name, string region)
        {
            var slug = await publisher.CreateServerAsync(more: new { name, region });
            await publisher.Client.PutAsync($"{Path}/{slug}/pack", System.Net.Http.Json.JsonContent.Create(new { slug = pack })).JsonAsync();
            return slug;
        }

        async Task<string[]> SlugsAsync(string more) => (await api.Anonymous.GetAsync($"{Path}?pack={pack}{more}").JsonAsync()).Slugs("servers");
    }

    [Fact]
    public async Task List_ServerThatNobodyHeardOfForLong_IsOfflineWhateverWasLastSaid()
    {
        var slug = await api.NewPublisher().CreateServerAsync();
        await LiveAsync(slug, players: 9, isOnline: true, secondsAgo: 299);
        Assert.True((await api.Anonymous.GetAsync($"{Path}/{slug}").JsonAsync()).GetProperty("online").GetBoolean());
        await LiveAsync(slug, players: 9, isOnline: true, secondsAgo: 301);
        var server = await api.Anonymous.GetAsync($"{Path}/{slug}").JsonAsync();
        Assert.Equal((false, 0), (server.GetProperty("online").GetBoolean(), server.GetProperty("currentPlayers").GetInt32()));
        Assert.DoesNotContain(slug, (await api.Anonymous.GetAsync($"{Path}?online=true&limit=100").JsonAsync()).Slugs("servers"));
        Assert.Contains(slug, (await api.Anonymous.GetAsync($"{Path}?online=false&limit=100&sort=recent").JsonAsync()).Slugs("servers"));
    }

    [Theory]
    [InlineData("players")]
    [InlineData("recent")]
    [InlineData("name")]
    [InlineData("favorites")]
    public async Task Walk_EachSort_ShowsEveryServerOnce(string sort)
    {
        var publisher = api.NewPublisher();
        var pack = await publisher.CreatePackAsync();
        var seed = """
            WITH s AS (INSERT INTO servers (id, slug, owner_id, name, region, game, tags, max_players, created_at, pack_id, favorite_count)
              SELECT gen_random_uuid(), gen_random_uuid()::text, p.owner_id, 'n' || n % 7, 'eu', '7d2d', ARRAY[]::text[], 0, now() - n % 3 * interval '1 s', p.id, n % 4
                FROM packs p, generate_series(1, 60) n WHERE p.slug = $1 RETURNING id, favorite_count)
            INSERT INTO server_live (server_id, online, current_players, last_seen_at) SELECT id, favorite_count > 1, favorite_count, now() FROM s
            """;
        await api.ExecuteAsync(seed, pack);
        var seen = new List<string>();
        var next = "";
        do
        {
            var page = await api.Anonymous.GetAsync($"{Path}?pack={pack}&sort={sort}&limit=7{next}").JsonAsync();
            seen.AddRange(page.Slugs("servers"));
            next = page.GetProperty("hasMore").GetBoolean() ? $"&cursor={page.GetProperty("nextCursor").GetString()}" : "";
        }
        while (next.Length > 0);
        Assert.Equal((60, 60), (seen.Count, seen.Distinct(StringComparer.Ordinal).Count()));
    }

    [Theory]
    [InlineData("limit=x", "invalid_limit")]
    [InlineData("sort=best", "invalid_sort")]
    [InlineData("online=maybe", "invalid_online")]
    [InlineData("cursor=abc", "invalid_cursor")]
    public async Task List_BadQuery_NamesTheParameter(string query, string code) =>
        await api.Anonymous.GetAsync($"{Path}?{query}").FailsAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task List_ByAPrivatePack_ShowsItsServersOnlyToThoseWhoSeeThePack()
    {
        var publisher = api.NewPublisher();
        var pack = await publisher.CreatePackAsync(more: new { visibility = "private" });
        var server = await publisher.CreateServerAsync();
        await publisher.Client.PutAsJsonAsync($"{Path}/{server}/pack", new { slug = pack }).SucceedsAsync(HttpStatusCode.OK);
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        foreach (var client in new[] { publisher.Client, admin.Client })
            Assert.Equal([server], (await client.GetAsync($"{Path}?pack={pack}").JsonAsync()).Slugs("servers"));
        foreach (var client in new[] { api.Anonymous, api.NewPublisher().Client, publisher.ClientWith(caller => caller with { Packs = ["another"] }) })
            Assert.Empty((await client.GetAsync($"{Path}?pack={pack}").JsonAsync()).Slugs("servers"));
    }

    [Fact]
    public async Task List_NulInAFilter_FindsNothing() => Assert.Empty((await api.Anonymous.GetAsync($"{Path}?region=%00&pack=%00&game=%00").JsonAsync()).Slugs("servers"));

    private Task<int> LiveAsync(string slug, int players, bool isOnline, int secondsAgo) => api.ExecuteAsync(
        "UPDATE server_live SET current_players = $2, online = $3, last_seen_at = now() - $4 * interval '1 s' FROM servers s WHERE s.id = server_id AND s.slug = $1",
        slug, players, isOnline, secondsAgo);
}
