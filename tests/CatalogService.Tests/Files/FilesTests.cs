using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Files;

public sealed class FilesTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Put_File_IsStoredOnceAndServed()
    {
        var publisher = api.NewPublisher();
        var content = RandomNumberGenerator.GetBytes(300_000);
        var sha256 = Publisher.Sha256(content);
        Assert.Equal("""{"exists":false,"size":null}""", (await publisher.Client.GetAsync($"/api/v1/files/exists?hash={sha256}").JsonAsync()).GetRawText());
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var answer = await publisher.PutAsync(sha256, content).JsonAsync();
            Assert.Equal($$"""{"ok":true,"pathname":"packs/files/{{sha256}}","url":"http://localhost:8080/api/v1/files/{{sha256}}","size":300000}""", answer.GetRawText());
        }

        Assert.Equal("""{"exists":true,"size":300000}""", (await publisher.Client.GetAsync($"/api/v1/files/exists?hash={sha256}").JsonAsync()).GetRawText());
        using var response = await api.Anonymous.GetAsync($"/api/v1/files/{sha256}");
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(($"\"{sha256}\"", "public, max-age=31536000, immutable"), (response.Headers.ETag?.ToString(), response.Headers.CacheControl?.ToString()));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Put_EmptyFile_IsAFile()
    {
        var publisher = api.NewPublisher();
        var sha256 = Publisher.Sha256([]);
        await publisher.PutAsync(sha256, []).SucceedsAsync(HttpStatusCode.OK);
        Assert.Empty(await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{sha256}"));
    }

    [Fact]
    public async Task Put_WrongHash_KeepsNothing()
    {
        var sha256 = Publisher.Sha256(RandomNumberGenerator.GetBytes(8));
        await api.NewPublisher().PutAsync(sha256, [1, 2, 3]).FailsAsync(HttpStatusCode.UnprocessableEntity, "hash_mismatch");
        await api.Anonymous.GetAsync($"/api/v1/files/{sha256}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Empty(Directory.GetFiles(Path.Combine(api.BlobFolder, "incoming")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_OverTheLimit_IsTooLargeWhateverTheLengthSays(bool saysItsLength)
    {
        var content = new byte[2_097_153];
        var sha256 = Publisher.Sha256(content);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/files/put?pathname=packs/files/{sha256}") { Content = new ByteArrayContent(content) };
        request.Headers.TransferEncodingChunked = !saysItsLength;
        await api.NewPublisher().Client.SendAsync(request).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        Assert.Empty(Directory.GetFiles(Path.Combine(api.BlobFolder, "incoming")));
    }

    [Fact]
    public async Task Put_AsLargeAsAllowedWithoutALength_IsStored()
    {
        var content = RandomNumberGenerator.GetBytes(2_097_152);
        var sha256 = Publisher.Sha256(content);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/files/put?pathname=packs/files/{sha256}") { Content = new ByteArrayContent(content) };
        request.Headers.TransferEncodingChunked = true;
        await api.NewPublisher().Client.SendAsync(request).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Put_ClientThatHangsUpHalfway_LeavesNothing()
    {
        var sha256 = Publisher.Sha256(RandomNumberGenerator.GetBytes(8));
        using var hangUp = new CancellationTokenSource();
        var half = new HalfABody(hangUp);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => api.NewPublisher().Client.PutAsync($"/api/v1/files/put?pathname=packs/files/{sha256}", half, hangUp.Token));
        await api.WaitUntilAsync(
            () => Task.FromResult(Directory.GetFiles(Path.Combine(api.BlobFolder, "incoming")).Length == 0), TimeSpan.FromSeconds(20), "the unfinished upload is gone");
        await api.Anonymous.GetAsync($"/api/v1/files/{sha256}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("packs/files/abc")]
    [InlineData("packs/files/../../etc/passwd")]
    [InlineData("/packs/files/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("packs/files/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("other/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Put_OtherPathname_IsRefused(string pathname) =>
        await api.NewPublisher().Client.PutAsync($"/api/v1/files/put?pathname={Uri.EscapeDataString(pathname)}", new ByteArrayContent([1])).FailsAsync(HttpStatusCode.BadRequest, "invalid_pathname");

    [Fact]
    public async Task Put_ManyOfOneFileAtOnce_AllSucceed()
    {
        var publisher = api.NewPublisher();
        var content = RandomNumberGenerator.GetBytes(100_000);
        var sha256 = Publisher.Sha256(content);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => publisher.PutAsync(sha256, content).SucceedsAsync(HttpStatusCode.OK)));
        Assert.Equal(content, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{sha256}"));
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM files WHERE sha256 = $1", Convert.FromHexString(sha256)));
    }

    [Theory]
    [InlineData("bytes=0-3", HttpStatusCode.PartialContent, "0123")]
    [InlineData("bytes=6-", HttpStatusCode.PartialContent, "6789")]
    [InlineData("bytes=-2", HttpStatusCode.PartialContent, "89")]
    [InlineData("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable, null)]
    public async Task Get_Range_GivesThatPart(string range, HttpStatusCode status, string? part)
    {
        var sha256 = Publisher.Sha256(await api.NewPublisher().UploadAsync("0123456789"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{sha256}");
        request.Headers.Range = RangeHeaderValue.Parse(range);
        using var response = await api.Anonymous.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        if (part is not null) Assert.Equal(part, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_RangeBehindTheEnd_SaysSoAndIsNotKept()
    {
        var sha256 = Publisher.Sha256(await api.NewPublisher().UploadAsync("0123456789"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{sha256}") { Headers = { Range = new RangeHeaderValue(10, null) } };
        using var response = await api.Anonymous.SendAsync(request);
        await Task.FromResult(response).FailsAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "invalid_range");
        Assert.Equal("bytes */10", response.Content.Headers.ContentRange!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Null(response.Headers.ETag);
    }

    [Fact]
    public async Task Get_WithItsETagOrAsHead_HasNoBody()
    {
        var sha256 = Publisher.Sha256(await api.NewPublisher().UploadAsync("0123456789"));
        using var conditional = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{sha256}") { Headers = { IfNoneMatch = { new EntityTagHeaderValue($"\"{sha256}\"") } } };
        await api.Anonymous.SendAsync(conditional).SucceedsAsync(HttpStatusCode.NotModified);
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/files/{sha256}");
        using var response = await api.Anonymous.SendAsync(head);
        Assert.Equal((HttpStatusCode.OK, 10L), (response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task Get_UnknownHash_IsNotFound(string sha256) => await api.Anonymous.GetAsync($"/api/v1/files/{sha256}").FailsAsync(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Exists_BadHash_IsRefused() =>
        await api.NewPublisher().Client.GetAsync("/api/v1/files/exists?hash=ABC").FailsAsync(HttpStatusCode.BadRequest, "invalid_hash");

    [Fact]
    public async Task PutAndExists_WithoutTheRight_AreRefused()
    {
        var path = $"/api/v1/files/put?pathname=packs/files/{new string('a', 64)}";
        await api.Anonymous.PutAsync(path, new ByteArrayContent([])).FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.CreateClient(TestCallers.Session("player")).PutAsync(path, new ByteArrayContent([])).FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await api.NewPublisher(change: caller => caller with { Scopes = new HashSet<string>() }).Client.PutAsync(path, new ByteArrayContent([])).FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await api.Anonymous.GetAsync("/api/v1/files/exists?hash=a").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    /// <summary>Says a million bytes, sends half of them and hangs up.</summary>
    private sealed class HalfABody(CancellationTokenSource hangUp) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[500_000]);
            await stream.FlushAsync();
            await hangUp.CancelAsync();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1_000_000;
            return true;
        }
    }
}
