using System.Text.Json;
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
