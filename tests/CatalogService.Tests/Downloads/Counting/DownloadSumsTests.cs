using PackRelay.CatalogService.Downloads.Counting;
using PackRelay.Testing;

namespace PackRelay.CatalogService.Tests.Downloads.Counting;

public sealed class DownloadSumsTests(DownloadSumsTests.LazyCatalog api) : IClassFixture<DownloadSumsTests.LazyCatalog>
{
    [Fact]
    public async Task Run_AsDaysPass_KeepsTheSumOfTheLastSeven()
    {
        var slug = await api.NewPublisher().CreatePackAsync();
        var clock = new SteppedClock(TimeProvider.System.GetUtcNow().AddDays(10)); // ahead of the service's own worker, which then has nothing to move
        var sums = new DownloadSums(api.Postgres.Source, clock);
        await sums.RunAsync(CancellationToken.None);
        await AddAsync(slug, clock, daysAgo: 0, downloads: 5);
        await AddAsync(slug, clock, daysAgo: 6, downloads: 3);
        await AddAsync(slug, clock, daysAgo: 7, downloads: 2); // brought too late to count
        Assert.Equal((10L, 8L), await RunAsync());
        Assert.Equal((10L, 8L), await RunAsync());
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((10L, 5L), await RunAsync());
        clock.Advance(TimeSpan.FromDays(5));
        await AddAsync(slug, clock, daysAgo: 0, downloads: 1);
        Assert.Equal((11L, 6L), await RunAsync());
        clock.Advance(TimeSpan.FromDays(30)); // all these nights were missed
        Assert.Equal((11L, 0L), await RunAsync());
        Assert.Equal(11, await api.ScalarAsync<long>("SELECT sum(downloads)::bigint FROM download_days d JOIN packs p ON p.id = d.pack_id WHERE p.slug = $1", slug));

        async Task<(long All, long Recent)> RunAsync()
        {
            while (await sums.RunAsync(CancellationToken.None) > 0)
            {
            }

            return (await api.ScalarAsync<long>("SELECT download_count FROM packs WHERE slug = $1", slug), await api.ScalarAsync<long>("SELECT installs_last_week FROM packs WHERE slug = $1", slug));
        }
    }

    [Fact]
    public async Task Count_Returned_IsInTheDatabase()
    {
        var slug = await api.NewPublisher().CreatePackAsync();
        var id = await api.ScalarAsync<Guid>("SELECT id FROM packs WHERE slug = $1", slug);
        var counter = new DownloadCounter(api.Postgres.Source, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => counter.CountAsync(id, CancellationToken.None)));
        const string sql = "SELECT (SELECT download_count FROM packs WHERE id = $1) + (SELECT COALESCE(sum(downloads), 0)::bigint FROM download_batches WHERE pack_id = $1)";
        Assert.Equal(50, await api.ScalarAsync<long>(sql, id));
    }

    /// <summary>A catalog whose own worker looks once a minute: the tests bring the sums themselves.</summary>
    public sealed class LazyCatalog : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Downloads:CountInterval"] = "00:01:00";
        }
    }

    private Task<int> AddAsync(string slug, SteppedClock clock, int daysAgo, long downloads) => api.ExecuteAsync(
        "INSERT INTO download_batches (pack_id, day, downloads) SELECT id, $2, $3 FROM packs WHERE slug = $1", slug, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-daysAgo), downloads);
}
