using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace PackRelay.CatalogService.Tests.Downloads;

/// <summary>The plan free allows 100,000 bytes of downloads a month here, pro the default.</summary>
public sealed class EgressTests(EgressTests.SmallPlans api) : IClassFixture<EgressTests.SmallPlans>
{
    [Fact]
    public async Task GetFile_WholeAndInParts_IsChargedToWhoBroughtItByTheBytesAnswered()
    {
        var publisher = NewPublisher();
        var path = await UploadAsync(publisher, 40_000);
        await api.NewPublisher().PutAsync(path[^64..], await api.Anonymous.GetByteArrayAsync(path)).SucceedsAsync(HttpStatusCode.OK); // brought a second time: the first pays
        await SendAsync(HttpMethod.Get, path, request => request.Headers.Range = new RangeHeaderValue(100, 1_099)).SucceedsAsync(HttpStatusCode.PartialContent);
        await SendAsync(HttpMethod.Head, path).SucceedsAsync(HttpStatusCode.OK);
        await SendAsync(HttpMethod.Get, path, request => request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{path[^64..]}\""))).SucceedsAsync(HttpStatusCode.NotModified);
        await SendAsync(HttpMethod.Get, path, request => request.Headers.Range = new RangeHeaderValue(50_000, null)).SucceedsAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
        await SendAsync(HttpMethod.Get, path).SucceedsAsync(HttpStatusCode.OK);
        await ChargedAsync(publisher, 81_000);
    }

    [Fact]
    public async Task GetFile_OverThePlan_IsRefusedFromTheNextOneOn()
    {
        var publisher = NewPublisher();
        var (large, small) = (await UploadAsync(publisher, 100_001), await UploadAsync(publisher, 10));
        var of = await UploadAsync(NewPublisher(), 10);
        await api.Anonymous.GetAsync(large).SucceedsAsync(HttpStatusCode.OK);
        await ChargedAsync(publisher, 100_001);
        await api.Anonymous.GetAsync(small).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await api.Anonymous.GetAsync(of).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Download_OverThePlan_IsRefusedFromTheNextOneOnAndNotCounted()
    {
        var publisher = NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = RandomNumberGenerator.GetBytes(100_000);
        await publisher.PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        await publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, "1.0.0", file))).SucceedsAsync(HttpStatusCode.Created);
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download").SucceedsAsync(HttpStatusCode.Redirect);
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download").FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>("SELECT download_count = 1 FROM packs WHERE slug = $1", slug), TimeSpan.FromSeconds(30), "one download is counted");
    }

    private static async Task<string> UploadAsync(Publisher publisher, int sizeBytes)
    {
        var content = RandomNumberGenerator.GetBytes(sizeBytes);
        await publisher.PutAsync(Publisher.Sha256(content), content).SucceedsAsync(HttpStatusCode.OK);
        return $"/api/v1/files/{Publisher.Sha256(content)}";
    }

    private Publisher NewPublisher() => api.NewPublisher(change: caller => caller with { Plan = "free" });

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method, path);
        change?.Invoke(request);
        return api.Anonymous.SendAsync(request);
    }

    private Task ChargedAsync(Publisher publisher, long bytes) => api.WaitUntilAsync(
        () => api.ScalarAsync<bool>("SELECT bytes = $2 FROM egress WHERE account_id = $1", publisher.Caller.AccountId, bytes), TimeSpan.FromSeconds(30), $"{bytes} bytes are charged");

    public sealed class SmallPlans : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Plans:Free:EgressBytesPerMonth"] = "100000";
        }
    }
}
