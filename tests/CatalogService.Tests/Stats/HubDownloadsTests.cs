namespace PackRelay.CatalogService.Tests.Stats;

public sealed class HubDownloadsTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Download_IsCountedForTheWholeHub()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        var before = await DownloadsAsync();
        for (var i = 0; i < 3; i++)
        {
            using var download = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
            Assert.Equal(302, (int)download.StatusCode);
        }

        await api.WaitUntilAsync(async () => await DownloadsAsync() == before + 3, TimeSpan.FromSeconds(30), "the downloads are counted");
    }

    private Task<long> DownloadsAsync() => api.ScalarAsync<long>("SELECT COALESCE(sum(downloads), 0)::bigint FROM download_slots WHERE slot > now() - interval '10 minutes'");
}
