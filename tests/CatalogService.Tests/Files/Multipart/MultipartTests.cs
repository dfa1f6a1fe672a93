using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Files.Multipart;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Files.Multipart;

public sealed class MultipartInFolderTests(CatalogApi api) : MultipartTests(api), IClassFixture<CatalogApi>;

public sealed class MultipartInS3Tests(S3CatalogApi api) : MultipartTests(api), IClassFixture<S3CatalogApi>;

/// <summary>Files that come in parts, in either store.</summary>
public abstract class MultipartTests(CatalogApi api)
{
    private const string Route = "/api/v1/files/multipart";

    [Fact]
    public async Task Complete_PartsSentInAnyOrder_IsTheFile()
    {
        var publisher = api.NewPublisher();
        var content = RandomNumberGenerator.GetBytes(700_000);
        var upload = await BeginAsync(publisher, Publisher.Sha256(content));
        var etags = new Dictionary<int, string>
        {
            [2] = "",
            [7] = await upload.SendAsync(7, content[600_000..]),
        };
        etags[2] = await upload.SendAsync(2, content[..600_000]);
        var answer = await upload.CompleteAsync(etags).JsonAsync();
        Assert.Equal(
            $$"""{"ok":true,"pathname":"packs/files/{{upload.Sha256}}","url":"http://localhost:8080/api/v1/files/{{upload.Sha256}}","size":700000}""", answer.GetRawText());
        Assert.Equal(content, await DownloadAsync(upload.Sha256));
        Assert.Equal(700_000, await StorageAsync(publisher));
        Assert.Equal(answer.GetRawText(), (await upload.CompleteAsync(etags).JsonAsync()).GetRawText());
        Assert.Equal("completed", (await upload.ListAsync().JsonAsync()).GetProperty("status").GetString());
        await upload.PostPartAsync(1, [1]).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await upload.AbortAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Part_SentAgain_TakesThePlaceOfTheOneBefore()
    {
        var publisher = api.NewPublisher();
        var upload = await BeginAsync(publisher, Publisher.Sha256([1, 2, 3]));
        var wrong = await upload.SendAsync(1, [9, 9, 9, 9]);
        var right = await upload.SendAsync(1, [1, 2, 3]);
        Assert.Equal(3, await StorageAsync(publisher));
        await upload.CompleteAsync(new() { [1] = wrong }).FailsAsync(HttpStatusCode.BadRequest, "invalid_parts");
        Assert.Equal(3, (await upload.CompleteAsync(new() { [1] = $"\"{right}\"" }).JsonAsync()).GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task List_HalfAnUpload_SaysWhatArrived()
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1, 2, 3]));
        var second = await upload.SendAsync(2, [3]);
        var first = await upload.SendAsync(1, [1, 2]);
        var answer = await upload.ListAsync().JsonAsync();
        Assert.Equal(("open", $"packs/files/{upload.Sha256}"), (answer.GetProperty("status").GetString(), answer.GetProperty("pathname").GetString()));
        Assert.Equal($$"""[{"partNumber":1,"etag":"{{first}}","size":2},{"partNumber":2,"etag":"{{second}}","size":1}]""", answer.GetProperty("parts").GetRawText());
    }

    [Fact]
    public async Task Complete_OtherHash_KeepsNothingAndMayBeMended()
    {
        var content = RandomNumberGenerator.GetBytes(100);
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256(content));
        var wrong = await upload.SendAsync(1, content[1..]);
        await upload.CompleteAsync(new() { [1] = wrong }).FailsAsync(HttpStatusCode.UnprocessableEntity, "hash_mismatch");
        await api.Anonymous.GetAsync($"/api/v1/files/{upload.Sha256}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        var right = await upload.SendAsync(1, content);
        await upload.CompleteAsync(new() { [1] = right }).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Complete_PartsThatDoNotFit_IsRefused()
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1, 2]));
        var (first, second) = (await upload.SendAsync(1, [1]), await upload.SendAsync(2, [2]));
        await upload.CompleteAsync(new() { [2] = second, [1] = first }).FailsAsync(HttpStatusCode.BadRequest, "invalid_parts");
        await upload.CompleteAsync(new() { [1] = first, [3] = second }).FailsAsync(HttpStatusCode.BadRequest, "invalid_parts");
        await upload.CompleteAsync([]).FailsAsync(HttpStatusCode.BadRequest, "invalid_parts");
        await upload.Publisher.Client.PostTextAsync($"{Route}/complete", $$"""{"pathname":"packs/files/{{upload.Sha256}}","uploadId":"{{upload.Id}}","parts":[null]}""")
            .FailsAsync(HttpStatusCode.BadRequest, "invalid_parts");
        await upload.Publisher.Client.PostAsync($"{Route}/complete", new { pathname = "packs/files/x", uploadId = upload.Id, parts = Array.Empty<object>() })
            .FailsAsync(HttpStatusCode.BadRequest, "invalid_pathname");
        await upload.Publisher.Client.PostAsync($"{Route}/complete", new { pathname = $"packs/files/{Publisher.Sha256([3])}", uploadId = upload.Id, parts = Array.Empty<object>() })
            .FailsAsync(HttpStatusCode.BadRequest, "invalid_pathname");
        var tooMany = Enumerable.Range(1, 10_001).Select(number => new { etag = first, partNumber = number });
        await upload.Publisher.Client.PostAsync($"{Route}/complete", new { pathname = $"packs/files/{upload.Sha256}", uploadId = upload.Id, parts = tooMany })
            .FailsAsync(HttpStatusCode.BadRequest, "invalid_parts");
    }

    [Fact]
    public async Task Complete_ManyAtOnce_AllGetTheSameAnswer()
    {
        var publisher = api.NewPublisher();
        var content = RandomNumberGenerator.GetBytes(100_000);
        var upload = await BeginAsync(publisher, Publisher.Sha256(content));
        var etag = await upload.SendAsync(1, content);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => upload.CompleteAsync(new() { [1] = etag }).SucceedsAsync(HttpStatusCode.OK)));
        Assert.Equal(100_000, await StorageAsync(publisher));
        Assert.Equal(content, await DownloadAsync(upload.Sha256));
    }

    [Fact]
    public async Task Complete_FileThatTheHubHas_CostsNothingMore()
    {
        var (first, second) = (api.NewPublisher(), api.NewPublisher());
        var content = await first.UploadAsync();
        var upload = await BeginAsync(second, Publisher.Sha256(content));
        var etag = await upload.SendAsync(1, content);
        Assert.Equal(content.Length, await StorageAsync(second));
        await upload.CompleteAsync(new() { [1] = etag }).SucceedsAsync(HttpStatusCode.OK);
        Assert.Equal(0, await StorageAsync(second));
    }

    [Fact]
    public async Task Abort_HalfAnUpload_GivesTheRoomBack()
    {
        var publisher = api.NewPublisher();
        var upload = await BeginAsync(publisher, Publisher.Sha256([1]));
        await upload.SendAsync(1, [1, 2, 3]);
        await upload.AbortAsync().SucceedsAsync();
        Assert.Equal(0, await StorageAsync(publisher));
        await upload.ListAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
        await upload.PostPartAsync(1, [1]).FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Sweep_UploadsWithoutASignOfLife_AreRemoved()
    {
        var publisher = api.NewPublisher();
        var (old, young) = (await BeginAsync(publisher, Publisher.Sha256([1])), await BeginAsync(publisher, Publisher.Sha256([2])));
        await old.SendAsync(1, [1, 2, 3]);
        await young.SendAsync(1, [2]);
        await api.ExecuteAsync("UPDATE uploads SET touched_at = now() - interval '25 h' WHERE id = $1", Guid.ParseExact(old.Id, "N"));
        await api.Services.GetRequiredService<UploadSweep>().RunAsync(CancellationToken.None);
        await old.ListAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
        await young.ListAsync().SucceedsAsync(HttpStatusCode.OK);
        Assert.Equal(1, await StorageAsync(publisher));
    }

    [Fact]
    public async Task Part_BadParameters_AreRefused()
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1]));
        foreach (var number in new[] { "0", "10001", "-1", "x", "" })
            await upload.PostPartAsync(number, [1]).FailsAsync(HttpStatusCode.BadRequest, "invalid_part_number");
        var elsewhere = $"{Route}/part?pathname=packs/files/{Publisher.Sha256([2])}&uploadId={upload.Id}&partNumber=1";
        await upload.Publisher.Client.PostAsync(elsewhere, new ByteArrayContent([1])).FailsAsync(HttpStatusCode.BadRequest, "invalid_pathname");
        var nowhere = $"{Route}/part?pathname=packs/files/{upload.Sha256}&uploadId=nonsense&partNumber=1";
        await upload.Publisher.Client.PostAsync(nowhere, new ByteArrayContent([1])).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await upload.Publisher.Client.PostAsync($"{Route}/init", new { pathname = "packs/files/x" }).FailsAsync(HttpStatusCode.BadRequest, "invalid_pathname");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("%00")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Upload_IdOfNone_IsNotThere(string id)
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1])) with { Id = id };
        await upload.ListAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
        await upload.PostPartAsync(1, [1]).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await upload.CompleteAsync(new() { [1] = "x" }).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await upload.AbortAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Part_OverTheFilesLimit_IsTooLarge()
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1]));
        await upload.SendAsync(1, new byte[2_000_000]);
        await upload.PostPartAsync(2, new byte[1_100_000]).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await upload.SendAsync(1, new byte[100]);
        await upload.SendAsync(2, new byte[1_100_000]);
    }

    [Fact]
    public async Task Upload_OfAnotherAccount_IsNotThere()
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1, 2, 3]));
        var etag = await upload.SendAsync(1, [1, 2, 3]);
        var theirs = upload with { Publisher = api.NewPublisher() };
        await theirs.PostPartAsync(1, [1]).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await theirs.ListAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
        await theirs.CompleteAsync(new() { [1] = etag }).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await theirs.AbortAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task EveryRoute_WithoutTheRight_IsRefused()
    {
        var upload = await BeginAsync(api.NewPublisher(), Publisher.Sha256([1]));
        foreach (var (client, status, code) in new[]
        {
            (api.Anonymous, HttpStatusCode.Unauthorized, "unauthenticated"),
            (api.CreateClient(TestCallers.Session("player")), HttpStatusCode.Forbidden, "role_required"),
            (upload.Publisher.ClientWith(caller => caller with { Scopes = new HashSet<string>() }), HttpStatusCode.Forbidden, "scope_required"),
        })
        {
            await client.PostAsync($"{Route}/init", new { pathname = "x" }).FailsAsync(status, code);
            await client.PostAsync($"{Route}/part?uploadId={upload.Id}", new ByteArrayContent([1])).FailsAsync(status, code);
            await client.PostAsync($"{Route}/complete", new { }).FailsAsync(status, code);
            await client.GetAsync($"{Route}?uploadId={upload.Id}").FailsAsync(status, code);
            await client.DeleteAsync($"{Route}?uploadId={upload.Id}").FailsAsync(status, code);
        }
    }

    private async Task<long> StorageAsync(Publisher publisher) =>
        await api.ScalarAsync<long>("SELECT stored_bytes + pending_bytes FROM account_storage WHERE account_id = $1", publisher.Caller.AccountId);

    private async Task<byte[]> DownloadAsync(string sha256)
    {
        using var response = await api.Anonymous.GetAsync($"/api/v1/files/{sha256}");
        if (response.StatusCode != HttpStatusCode.Redirect) return await response.Content.ReadAsByteArrayAsync();
        using var store = new HttpClient();
        return await store.GetByteArrayAsync(response.Headers.Location);
    }

    private static async Task<Sending> BeginAsync(Publisher publisher, string sha256)
    {
        var answer = await publisher.Client.PostAsync($"{Route}/init", new { pathname = $"packs/files/{sha256}" }).JsonAsync();
        Assert.Equal($"packs/files/{sha256}", answer.GetProperty("key").GetString());
        return new Sending(publisher, sha256, answer.GetProperty("uploadId").GetString()!);
    }

    private sealed record Sending(Publisher Publisher, string Sha256, string Id)
    {
        public Task<HttpResponseMessage> PostPartAsync(object number, byte[] content) =>
            Publisher.Client.PostAsync($"{Route}/part?pathname=packs/files/{Sha256}&uploadId={Id}&partNumber={number}", new ByteArrayContent(content));

        public async Task<string> SendAsync(int number, byte[] content) => (await PostPartAsync(number, content).JsonAsync()).GetProperty("etag").GetString()!;

        public Task<HttpResponseMessage> CompleteAsync(Dictionary<int, string> etags) => Publisher.Client.PostAsJsonAsync(
            $"{Route}/complete",
            new { pathname = $"packs/files/{Sha256}", uploadId = Id, parts = etags.Select(part => new { etag = part.Value, partNumber = part.Key }) },
            JsonSerializerOptions.Web);

        public Task<HttpResponseMessage> ListAsync() => Publisher.Client.GetAsync($"{Route}?uploadId={Id}");

        public Task<HttpResponseMessage> AbortAsync() => Publisher.Client.DeleteAsync($"{Route}?uploadId={Id}");
    }
}
