using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Servers.Live;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests.Servers.Live;

public sealed class LiveConsumersTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task ServersLive_HeartbeatOfAServer_IsShown()
    {
        var (slug, id) = await ServerAsync();
        await BeatAsync(id, 7, maxPlayers: 32, secondsAgo: 5, uptimePct: 87.54);
        var server = await UntilAsync(slug, found => found.GetProperty("online").GetBoolean());
        Assert.Equal((7, 32, 87.5), (server.GetProperty("currentPlayers").GetInt32(), server.GetProperty("maxPlayers").GetInt32(), server.GetProperty("uptimePct").GetDouble()));
        Assert.Equal(now.AddSeconds(-5), server.GetProperty("lastSeenAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task ServersLive_OlderOrTwiceInABatch_TheLatestCounts()
    {
        var (slug, id) = await ServerAsync();
        var (_, marker) = await ServerAsync();
        await BeatAsync(id, 7, maxPlayers: null, secondsAgo: 5);
        await UntilAsync(slug, found => found.GetProperty("currentPlayers").GetInt32() == 7);
        await BeatAsync(id, 1, maxPlayers: null, secondsAgo: 60);
        await api.PublishAsync(new ServersLive(Guid.NewGuid(), now, [Live(id, 9, 2), Live(id, 8, 3), Live(marker, 1, 1), Live(Guid.NewGuid(), 1, 1)]));
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<bool>("SELECT online FROM server_live WHERE server_id = $1", marker), TimeSpan.FromSeconds(20), "the last batch is applied");
        await UntilAsync(slug, found => found.GetProperty("currentPlayers").GetInt32() == 9);
    }

    [Fact]
    public async Task WentOnlineAndOffline_InOrderAndRedelivered_EndOffline()
    {
        var (slug, id) = await ServerAsync();
        var beat = now.AddSeconds(-4);
        await api.PublishAsync(new ServerWentOnline(Guid.NewGuid(), beat, id, slug, Guid.NewGuid(), "x", 3, 10));
        await UntilAsync(slug, found => found.GetProperty("online").GetBoolean() && found.GetProperty("currentPlayers").GetInt32() == 3);
        var offline = new ServerWentOffline(Guid.NewGuid(), now, id, slug, Guid.NewGuid(), "x", beat);
        await api.PublishAsync(offline);
        await UntilAsync(slug, found => !found.GetProperty("online").GetBoolean());

        await api.PublishAsync(offline);
        await api.PublishAsync(new ServerWentOnline(Guid.NewGuid(), beat, id, slug, Guid.NewGuid(), "x", 3, 10));
        await BeatAsync(id, 3, maxPlayers: null, secondsAgo: 4); // the very heartbeat that was the last
        await api.PublishAsync(new ServerWentOffline(Guid.NewGuid(), now, id, slug, Guid.NewGuid(), "x", beat.AddSeconds(-60)));
        var (other, otherId) = await ServerAsync();
        await BeatAsync(otherId, 1, maxPlayers: null, secondsAgo: 0);
        await UntilAsync(other, found => found.GetProperty("online").GetBoolean());
        Assert.False((await api.Anonymous.GetAsync($"/api/v1/servers/{slug}").JsonAsync()).GetProperty("online").GetBoolean());

        await BeatAsync(id, 4, maxPlayers: null, secondsAgo: 0); // and it is back
        await UntilAsync(slug, found => found.GetProperty("currentPlayers").GetInt32() == 4);
    }

    [Fact]
    public async Task WentOnline_ManyServersAtOnce_ShareCommits()
    {
        var (_, pattern) = await ServerAsync();
        Guid[] ids = [.. Enumerable.Range(0, 200).Select(_ => Guid.NewGuid())];
        await api.ExecuteAsync(
            """
            INSERT INTO servers (id, slug, owner_id, name, region, game, tags, max_players, created_at)
            SELECT new.id, new.id::text, owner_id, name, region, game, tags, max_players, created_at FROM servers, unnest($1::uuid[]) AS new (id) WHERE servers.id = $2
            """, ids, pattern);
        await api.ExecuteAsync("INSERT INTO server_live (server_id) SELECT unnest($1::uuid[])", ids);
        var live = api.Services.GetRequiredService<LiveQueries>();
        await Task.WhenAll(ids.Select(id => live.ApplyAsync(new ServerWentOnline(Guid.NewGuid(), now, id, $"{id}", Guid.NewGuid(), "x", 3, null), CancellationToken.None)));

        Assert.Equal(200, await api.ScalarAsync<long>("SELECT count(*) FROM server_live WHERE server_id = ANY ($1) AND online AND current_players = 3", ids));
        Assert.InRange(await api.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM server_live WHERE server_id = ANY ($1)", ids), 1, 20);
    }

    [Fact]
    public async Task WentOnline_BehindTheSameHeartbeat_WritesNothing()
    {
        var (slug, id) = await ServerAsync();
        await BeatAsync(id, 7, maxPlayers: null, secondsAgo: 5, uptimePct: 50);
        await UntilAsync(slug, found => found.GetProperty("currentPlayers").GetInt32() == 7);
        var written = await api.ScalarAsync<string>("SELECT xmin::text FROM server_live WHERE server_id = $1", id);
        await api.Services.GetRequiredService<LiveQueries>().ApplyAsync(new ServerWentOnline(Guid.NewGuid(), now.AddSeconds(-5), id, slug, Guid.NewGuid(), "x", 7, null), CancellationToken.None);
        Assert.Equal(written, await api.ScalarAsync<string>("SELECT xmin::text FROM server_live WHERE server_id = $1", id));
    }

    private async Task<(string Slug, Guid Id)> ServerAsync()
    {
        var slug = await api.NewPublisher().CreateServerAsync();
        return (slug, await api.ScalarAsync<Guid>("SELECT id FROM servers WHERE slug = $1", slug));
    }

    private LiveServer Live(Guid id, int players, int secondsAgo) => new(id, players, null, now.AddSeconds(-secondsAgo), Online: true, UptimePct: 1);

    private Task BeatAsync(Guid id, int players, int? maxPlayers, int secondsAgo, double uptimePct = 1) => api.PublishAsync(
        new ServersLive(Guid.NewGuid(), now, [new LiveServer(id, players, maxPlayers, now.AddSeconds(-secondsAgo), Online: true, uptimePct)]));

    private Task<JsonElement> UntilAsync(string slug, Func<JsonElement, bool> holds) => UntilAsync(slug, holds, $"{slug} is shown as expected");

    private async Task<JsonElement> UntilAsync(string slug, Func<JsonElement, bool> holds, string what)
    {
        var server = default(JsonElement);
        await api.WaitUntilAsync(async () => holds(server = await api.Anonymous.GetAsync($"/api/v1/servers/{slug}").JsonAsync()), TimeSpan.FromSeconds(20), what);
        return server;
    }
}
