using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.Testing.Servers;

namespace PackRelay.CatalogService.Tests.Files.Blobs;

public sealed class S3BlobsTests : IAsyncLifetime
{
    private const int PartSizeBytes = 8 * 1024 * 1024;

    private TestS3 server = null!;

    private S3Blobs blobs = null!;

    public async Task InitializeAsync()
    {
        server = await TestS3.StartAsync();
        blobs = NewStore(TestS3.Key);
    }

    public async Task DisposeAsync()
    {
        blobs.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PartSizeBytes)]
    [InlineData((2 * PartSizeBytes) + 77)]
    public async Task Write_ContentOfAnySize_IsReadBackAndLinked(int sizeBytes)
    {
        var content = RandomNumberGenerator.GetBytes(sizeBytes);
        var sha256 = Publisher.Sha256(content);
        Assert.Equal((BlobOutcome.Stored, sha256, (long)sizeBytes), await WriteAsync(content, sha256));
        Assert.Equal(sizeBytes, await blobs.FindAsync(sha256, CancellationToken.None));
        Assert.Equal(content, await ReadAsync(await blobs.OpenAsync(sha256, CancellationToken.None)));

        using var http = new HttpClient();
        using var answer = await http.GetAsync(blobs.Link(sha256, "a pack.zip"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment; filename=\"a pack.zip\"", answer.Content.Headers.ContentDisposition?.ToString());
    }

    [Fact]
    public async Task Write_HashUnknown_IsComputed()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        Assert.Equal((BlobOutcome.Stored, Publisher.Sha256(content), 100_000L), await WriteAsync(content, sha256: null));
        Assert.Equal(content, await ReadAsync(await blobs.OpenAsync(Publisher.Sha256(content), CancellationToken.None)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(PartSizeBytes + 100)]
    public async Task Write_OtherHash_ShowsNothing(int sizeBytes)
    {
        var sha256 = Publisher.Sha256(RandomNumberGenerator.GetBytes(8));
        Assert.Equal(BlobOutcome.HashMismatch, (await WriteAsync(new byte[sizeBytes], sha256)).Outcome);
        Assert.Null(await blobs.FindAsync(sha256, CancellationToken.None));
        Assert.Null(await blobs.OpenAsync(sha256, CancellationToken.None));
    }

    [Fact]
    public async Task Write_TooLong_ShowsNothing()
    {
        var content = new byte[PartSizeBytes + 1];
        Assert.Equal(BlobOutcome.TooLarge, (await blobs.WriteAsync(new MemoryStream(content), Publisher.Sha256(content), PartSizeBytes, CancellationToken.None)).Outcome);
        Assert.Null(await blobs.FindAsync(Publisher.Sha256(content), CancellationToken.None));
    }

    [Fact]
    public async Task Stage_NotCommitted_ShowsNothing()
    {
        var content = RandomNumberGenerator.GetBytes(PartSizeBytes + 5);
        await using (var staged = await blobs.StageAsync(new MemoryStream(content), Publisher.Sha256(content), long.MaxValue, CancellationToken.None))
            Assert.Equal(BlobOutcome.Stored, staged.Outcome);
        Assert.Null(await blobs.FindAsync(Publisher.Sha256(content), CancellationToken.None));
    }

    [Fact]
    public async Task Open_ReadHereAndThere_GivesThoseBytes()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        await WriteAsync(content, Publisher.Sha256(content));
        await using var stream = (await blobs.OpenAsync(Publisher.Sha256(content), CancellationToken.None))!;
        foreach (var place in new[] { 299_990, 0, 150_000 })
        {
            stream.Position = place;
            var part = new byte[10];
            await stream.ReadExactlyAsync(part);
            Assert.Equal(content[place..(place + 10)], part);
        }
    }

    [Fact]
    public async Task Delete_Blob_IsGoneAndMayBeDeletedAgain()
    {
        var content = RandomNumberGenerator.GetBytes(100);
        await WriteAsync(content, Publisher.Sha256(content));
        foreach (var _ in Enumerable.Range(0, 2)) await blobs.DeleteAsync(Publisher.Sha256(content), CancellationToken.None);
        Assert.Null(await blobs.FindAsync(Publisher.Sha256(content), CancellationToken.None));
    }

    [Fact]
    public async Task Parts_WrittenReadAndDeleted_AreThoseOfTheirUpload()
    {
        var (upload, other) = (Guid.NewGuid(), Guid.NewGuid());
        var content = RandomNumberGenerator.GetBytes(1000);
        foreach (var id in new[] { upload, other })
            Assert.Equal(new StagedPart(BlobOutcome.Stored, Publisher.Sha256(content), 1000), await blobs.WritePartAsync(id, "1", new MemoryStream(content), 1000, CancellationToken.None));
        Assert.Equal(BlobOutcome.TooLarge, (await blobs.WritePartAsync(upload, "2", new MemoryStream(content), 999, CancellationToken.None)).Outcome);
        Assert.Equal(content, await ReadAsync(await blobs.OpenPartAsync(upload, "1", CancellationToken.None)));
        await blobs.DeletePartsAsync(upload, ["1"], CancellationToken.None);
        Assert.Null(await blobs.OpenPartAsync(upload, "1", CancellationToken.None));
        Assert.Equal(content, await ReadAsync(await blobs.OpenPartAsync(other, "1", CancellationToken.None)));
    }

    [Fact]
    public async Task Write_WrongSecret_IsAnErrorOfTheStore()
    {
        using var stranger = NewStore("WRONG");
        await Assert.ThrowsAsync<Amazon.S3.AmazonS3Exception>(() => stranger.WriteAsync(new MemoryStream([1]), Publisher.Sha256([1]), 10, CancellationToken.None));
    }

    private static async Task<byte[]> ReadAsync(Stream? stream)
    {
        await using var from = Assert.IsAssignableFrom<Stream>(stream);
        using var all = new MemoryStream();
        await from.CopyToAsync(all);
        return all.ToArray();
    }

    private Task<(BlobOutcome Outcome, string Sha256, long SizeBytes)> WriteAsync(byte[] content, string? sha256) =>
        blobs.WriteAsync(new MemoryStream(content), sha256, long.MaxValue, CancellationToken.None);

    private S3Blobs NewStore(string secret) => new(
        Options.Create(new BlobOptions { S3 = new S3Options { ServiceUrl = server.Url, Bucket = TestS3.Bucket, AccessKey = TestS3.Key, SecretKey = secret } }),
        TimeProvider.System,
        NullLogger<S3Blobs>.Instance);
}
