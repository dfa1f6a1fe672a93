using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Stats;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests.Stats;

public sealed class StatsTests(StatsTests.CountingCatalog api) : IClassFixture<StatsTests.CountingCatalog>
{
    [Fact]
    public async Task Stats_CountsServersPlayersPacksAndDownloads()
    {
        var publisher = api.NewPublisher();
        await publisher.PublishPackAsync("1.0.0");
        await publisher.CreatePackAsync(more: new { visibility = "private" });
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++) ids.Add(await api.ScalarAsync<Guid>("SELECT id FROM servers WHERE slug = $1", await publisher.CreateServerAsync()));
        var now = TimeProvider.System.GetUtcNow();
        await LiveAsync(new(ids[0], 30, 40, now, Online: true, 100), new(ids[1], 12, 40, now, Online: true, 100), new(ids[2], 5, 40, now.AddMinutes(-30), Online: true, 100)); // the third is too old to be online
        await api.ExecuteAsync(
            "INSERT INTO download_slots VALUES (now() - interval '23 hours', 7), (now() - interval '1 hour', 4), (now() - interval '24 hours 6 minutes', 100), (now() - interval '2 days', 1000)");
        await api.ExecuteAsync("INSERT INTO player_peaks VALUES (now() - interval '2 days', 9999)");
        await api.WaitUntilAsync(async () => await CountAsync() == new HubNumbers(2, 42, 42, 1, 11), TimeSpan.FromSeconds(20), "everything is counted");

        await LiveAsync(new LiveServer(ids[0], 1, 40, now.AddSeconds(1), Online: true, 100));
        await api.WaitUntilAsync(async () => await CountAsync() == new HubNumbers(2, 13, 42, 1, 11), TimeSpan.FromSeconds(20), "the peak stays");

        using var answer = await api.Anonymous.GetAsync("/api/v1/stats");
        Assert.Equal("public, max-age=3600", answer.Headers.CacheControl?.ToString());
        var stats = await Task.FromResult(answer).JsonAsync();
        Assert.Equal(
            [("serversOnline", 2), ("playersOnline", 13), ("playersPeak24h", 42), ("packs", 1), ("downloads24h", 11)],
            stats.EnumerateObject().Select(member => (member.Name, member.Value.GetInt32())));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM player_peaks WHERE players = 9999")); // what nobody reads any more goes

        // Who asks again before the next count gets the last one.
        await api.ExecuteAsync("INSERT INTO download_slots VALUES (now() - interval '2 hours', 1000)");
        Assert.Equal(11, (await api.Anonymous.GetAsync("/api/v1/stats").JsonAsync()).GetProperty("downloads24h").GetInt32());
        Assert.Equal(TimeSpan.FromSeconds(5), new StatsOptions().Interval);
    }

    private Task<HubNumbers> CountAsync() => api.Services.GetRequiredService<HubStats>().CountAsync(CancellationToken.None);

    private Task LiveAsync(params LiveServer[] servers) => api.PublishAsync(new ServersLive(Guid.NewGuid(), servers[0].LastSeenAt, servers));

    /// <summary>A catalog that counts when the test says so.</summary>
    public sealed class CountingCatalog : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Catalog:Stats:Interval"] = "01:00:00";
        }
    }
}
