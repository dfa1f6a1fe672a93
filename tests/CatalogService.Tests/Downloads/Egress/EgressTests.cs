using System.Net;
using System.Net.Http.Headers;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Downloads.Egress;

public sealed class EgressTests(EgressTests.PoorCatalog api) : IClassFixture<EgressTests.PoorCatalog>
{
    private const int Limit = 1_000;

    [Fact]
    public async Task GetFile_OverTheLimitOfWhoBroughtIt_Is402()
    {
        var publisher = Free();
        var path = $"/api/v1/files/{Publisher.Sha256(await publisher.UploadAsync(new string('x', 600)))}";
        await api.Anonymous.GetAsync(path).SucceedsAsync(HttpStatusCode.OK);
        using var part = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(0, 99) } };
        await api.Anonymous.SendAsync(part).SucceedsAsync(HttpStatusCode.PartialContent);
        await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, path)).SucceedsAsync(HttpStatusCode.OK);
        await ChargedAsync(publisher, 700);
        await api.Anonymous.GetAsync(path).SucceedsAsync(HttpStatusCode.OK); // begins within the limit
        await ChargedAsync(publisher, 1_300);
        await api.Anonymous.GetAsync(path).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await api.PublishAsync(new AccountChanged(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), publisher.Caller.AccountId, 5, publisher.Caller.Username, "Name", "server_owner", "pro"));
        await api.WaitUntilAsync(async () => (await api.Anonymous.GetAsync(path)).IsSuccessStatusCode, TimeSpan.FromSeconds(60), "the new plan's limit holds");
    }

    [Fact]
    public async Task Download_OverTheOwnersLimit_Is402AndNotCounted()
    {
        var publisher = Free();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var path = $"/api/v1/packs/{slug}/download";
        await api.WaitUntilAsync(
            async () => (await api.Anonymous.GetAsync(path)).StatusCode == HttpStatusCode.PaymentRequired, TimeSpan.FromSeconds(60), "the limit is reached");
        await api.Anonymous.GetAsync(path).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        var size = await api.ScalarAsync<long>("SELECT b.size_bytes FROM bundles b JOIN packs p ON p.latest_version_id = b.version_id WHERE p.slug = $1", slug);
        var downloads = (Limit + size - 1) / size;
        await ChargedAsync(publisher, downloads * size);
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<long>("SELECT download_count FROM packs WHERE slug = $1", slug) == downloads, TimeSpan.FromSeconds(30), $"{downloads} downloads are counted");
    }

    [Fact]
    public async Task Add_BatchWhoseAnswerWasLost_IsCountedOnce()
    {
        var (account, writer, month, now) = (Guid.NewGuid(), Guid.NewGuid(), new DateOnly(2026, 1, 1), TimeProvider.System.GetUtcNow());
        Assert.Equal([500], await AddAsync(batch: 1));
        Assert.Empty(await AddAsync(batch: 1)); // sent again by a process that does not know how the first time ended
        Assert.Equal([1_000], await AddAsync(batch: 2));
        await api.ExecuteAsync("UPDATE egress_writers SET written_at = now() - interval '31 days' WHERE id = $1", writer);
        await AddAsync(batch: 1, by: Guid.NewGuid());
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM egress_writers WHERE id = $1", writer)); // of a process that is long gone

        Task<List<long>> AddAsync(long batch, Guid? by = null) => api.Postgres.Source.ListAsync(
            EgressMeter.AddSql, row => row.GetInt64(2), CancellationToken.None, new[] { account }, new[] { month }, new[] { 500L }, by ?? writer, batch, now);
    }

    private Publisher Free() => api.NewPublisher(change: caller => caller with { Plan = "free" });

    private Task ChargedAsync(Publisher publisher, long bytes) => api.WaitUntilAsync(
        async () => await api.ScalarAsync<long>("SELECT bytes FROM egress WHERE account_id = $1", publisher.Caller.AccountId) == bytes, TimeSpan.FromSeconds(30), $"{bytes} bytes are charged");

    /// <summary>A catalog whose free plan allows a thousand bytes of downloads.</summary>
    public sealed class PoorCatalog : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Plans:Free:EgressBytesPerMonth"] = Limit.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
