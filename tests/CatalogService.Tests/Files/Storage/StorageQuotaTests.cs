using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace PackRelay.CatalogService.Tests.Files.Storage;

/// <summary>The plan free has room for 1,000,000 bytes here, pro for the default.</summary>
public sealed class StorageQuotaTests(StorageQuotaTests.SmallPlans api) : IClassFixture<StorageQuotaTests.SmallPlans>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_OverThePlan_IsRefusedWithItsNumbersWhateverTheLengthSays(bool saysItsLength)
    {
        var publisher = NewPublisher();
        await PutAsync(publisher, RandomNumberGenerator.GetBytes(600_000)).SucceedsAsync(HttpStatusCode.OK);
        var content = RandomNumberGenerator.GetBytes(400_001);
        var error = await PutAsync(publisher, content, saysItsLength).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        Assert.Equal("the plan free allows 1000000 bytes of files, the account keeps 600000, and this file would not fit", error.GetProperty("error").GetString());
        await api.Anonymous.GetAsync($"/api/v1/files/{Publisher.Sha256(content)}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await PutAsync(publisher, RandomNumberGenerator.GetBytes(400_000), saysItsLength).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Put_LengthOverThePlan_IsRefusedBeforeTheBytesAreRead()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/files/put?pathname=packs/files/{new string('a', 64)}") { Content = new ByteArrayContent(new byte[1_000_001]) };
        request.Headers.ExpectContinue = true; // the body is sent when the server asks for it, and it must not
        await NewPublisher().Client.SendAsync(request).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
    }

    [Fact]
    public async Task Put_ManyAtOnce_FillThePlanExactly()
    {
        var publisher = NewPublisher();
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(async _ =>
        {
            using var response = await PutAsync(publisher, RandomNumberGenerator.GetBytes(100_000));
            return response.StatusCode;
        }));
        Assert.Equal(10, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(15, answers.Count(status => status == HttpStatusCode.PaymentRequired));
        Assert.Equal(1_000_000, await api.ScalarAsync<long>("SELECT stored_bytes FROM account_storage WHERE account_id = $1", publisher.Caller.AccountId));
        Assert.Equal(1_000_000m, await api.ScalarAsync<decimal>("SELECT sum(size_bytes) FROM files WHERE uploader_id = $1", publisher.Caller.AccountId));
    }

    [Fact]
    public async Task Put_FileThatTheHubHas_CostsTheSecondNothing()
    {
        var content = RandomNumberGenerator.GetBytes(900_000);
        await PutAsync(NewPublisher(), content).SucceedsAsync(HttpStatusCode.OK);
        var second = NewPublisher();
        await PutAsync(second, RandomNumberGenerator.GetBytes(900_000)).SucceedsAsync(HttpStatusCode.OK);
        await PutAsync(second, content).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Put_AfterThePlanChanged_GoesByTheNewOne()
    {
        var publisher = NewPublisher();
        await PutAsync(publisher, RandomNumberGenerator.GetBytes(1_000_000)).SucceedsAsync(HttpStatusCode.OK);
        var content = RandomNumberGenerator.GetBytes(10);
        await PutAsync(publisher, content).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await PutAsync(publisher, content, client: publisher.ClientWith(caller => caller with { Plan = "pro" })).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Part_OverThePlan_IsRefused()
    {
        var publisher = NewPublisher();
        var sha256 = new string('b', 64);
        var id = (await publisher.Client.PostAsync("/api/v1/files/multipart/init", new { pathname = $"packs/files/{sha256}" }).JsonAsync()).GetProperty("uploadId").GetString();
        Task<HttpResponseMessage> Send(int number, int sizeBytes) => publisher.Client.PostAsync(
            $"/api/v1/files/multipart/part?pathname=packs/files/{sha256}&uploadId={id}&partNumber={number}", new ByteArrayContent(new byte[sizeBytes]));
        await Send(1, 900_000).SucceedsAsync(HttpStatusCode.OK);
        await Send(2, 100_001).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await Send(2, 100_000).SucceedsAsync(HttpStatusCode.OK);
        await PutAsync(publisher, [1]).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
    }

    private static Task<HttpResponseMessage> PutAsync(Publisher publisher, byte[] content, bool saysItsLength = true, HttpClient? client = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/files/put?pathname=packs/files/{Publisher.Sha256(content)}") { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.TransferEncodingChunked = !saysItsLength;
        return (client ?? publisher.Client).SendAsync(request);
    }

    private Publisher NewPublisher() => api.NewPublisher(change: caller => caller with { Plan = "free" });

    public sealed class SmallPlans : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Plans:Free:StorageBytes"] = "1000000";
        }
    }
}
