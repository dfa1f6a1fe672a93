using System.IO.Compression;
using System.Text;
using PackRelay.Gateway.Answers;

namespace PackRelay.Gateway.Tests.Answers;

public sealed class ContentCodingTests
{
    [Theory]
    [InlineData(null, "Identity")]
    [InlineData("", "Identity")]
    [InlineData("identity", "Identity")]
    [InlineData("gzip", "Gzip")]
    [InlineData("x-gzip", "Gzip")]
    [InlineData("br", "Brotli")]
    [InlineData("gzip, deflate, br, zstd", "Brotli")]
    [InlineData("GZIP;q=0.8, BR;q=0.5", "Gzip")]
    [InlineData("br;q=0, gzip", "Gzip")]
    [InlineData("br;q=0, gzip;q=0", "Identity")]
    [InlineData("*", "Brotli")]
    [InlineData("*;q=0", "Identity")]
    [InlineData("br;q=0.5, identity;q=1", "Identity")]
    [InlineData("deflate, zstd", "Identity")]
    [InlineData(",,;q=,gzip;q=x", "Gzip")]
    public void Choose_ByAcceptEncoding_TakesTheBestThatIsWanted(string? header, string expected) => Assert.Equal(expected, ContentCoding.Choose(header).ToString());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compress_Text_GivesFewerBytesThatReadBackTheSame(bool isForLater)
    {
        var body = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 1_000)));
        using var brotli = new BrotliStream(new MemoryStream(ContentCoding.Compress(body, Coding.Brotli, isForLater)!), CompressionMode.Decompress);
        using var gzip = new GZipStream(new MemoryStream(ContentCoding.Compress(body, Coding.Gzip, isForLater)!), CompressionMode.Decompress);
        Assert.Equal(body, ReadAll(brotli));
        Assert.Equal(body, ReadAll(gzip));
    }

    [Fact]
    public void Compress_WhatDoesNotShrink_IsLeft()
    {
        var noise = new byte[600];
        new Random(1).NextBytes(noise);
        Assert.Null(ContentCoding.Compress(noise, Coding.Brotli, isForLater: true));
        Assert.Null(ContentCoding.Compress(noise, Coding.Gzip, isForLater: true));
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
