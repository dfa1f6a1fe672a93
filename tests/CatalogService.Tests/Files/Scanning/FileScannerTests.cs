using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Scanning;

namespace PackRelay.CatalogService.Tests.Files.Scanning;

public sealed class FileScannerTests
{
    private static readonly ScanOptions Limits = new() { MaxArchiveEntries = 50, MaxArchiveDepth = 2, MaxArchiveRatio = 20, RatioFloorBytes = 100_000, MaxExpandedBytes = 5_000_000 };

    public static TheoryData<string, byte[]> Good => new()
    {
        { "nothing", [] },
        { "text", "Some text."u8.ToArray() },
        { "only the letters of a zip", "PK\u0003\u0004 and then something else entirely"u8.ToArray() },
        { "the end of a zip without the rest", [.. new byte[500], .. "PK\u0005\u0006"u8, .. new byte[] { 0, 0, 0, 0, 9, 0, 9, 0, 99, 0, 0, 0, 77, 7, 0, 0, 0, 0 }] },
        { "only the first bytes of a gzip", [0x1f, 0x8b, 8, 1, 2, 3] },
        { "zip", Archives.Zip(("a.xml", new byte[1000]), ("b.xml", [1, 2, 3])) },
        { "empty zip", Archives.Zip() },
        { "zip that expands well but not to much", Archives.Zip(("a", new byte[90_000])) },
        { "zip after something else", [.. new byte[300], .. Archives.Zip(("a.xml", new byte[1000]))] },
        { "zip in a zip", Archives.Zip(("a.jar", Archives.Zip(("b", [1])))) },
        { "gzip", Archives.Gzip(new byte[50_000]) },
        { "damaged zip", Damaged(Archives.Zip(("a", Random(20_000)))) },
        { "library", Archives.Executable(isLibrary: true) },
    };

    public static TheoryData<string, byte[], string> Bad => new()
    {
        { "program", Archives.Executable(isLibrary: false), "program" },
        { "zip that expands to too much", Archives.Zip(("a", new byte[4_000_000])), "20 times" },
        { "many small bombs", Archives.Zip([.. Enumerable.Range(0, 40).Select(n => ($"{n}", new byte[90_000]))]), "20 times" },
        { "bomb in a zip", Archives.Zip(("a.zip", Archives.Zip(("b", new byte[4_000_000])))), "20 times" },
        { "bomb behind something else", [.. new byte[300], .. Archives.Zip(("a", new byte[4_000_000]))], "20 times" },
        { "gzip that expands to too much", Archives.Gzip(new byte[4_000_000]), "20 times" },
        { "gzip of gzip of gzip", Archives.Gzip(Archives.Gzip(Archives.Gzip([1]))), "deeper than 2" },
        { "zip in a zip in a zip", Archives.Zip(("a", Archives.Zip(("b", Archives.Zip(("c", [1])))))), "deeper than 2" },
        { "over five million bytes", Archives.Zip(("a", Random(5_000_001))), "5000000 bytes" },
        { "too many entries", Archives.Zip([.. Enumerable.Range(0, 51).Select(n => ($"{n}", Array.Empty<byte>()))]), "over 50 entries" },
        { "too many entries in all", Archives.Zip([.. Enumerable.Range(0, 6).Select(n => ($"{n}.zip", Archives.Zip([.. Enumerable.Range(0, 10).Select(m => ($"{m}", new byte[] { 1 }))])))]), "over 50 entries" },
        { "more than it says", Archives.LyingZip(new byte[200_000], 10), "more than it declares" },
        { "says more than may be", Archives.LyingZip([1, 2, 3], 6_000_000), "5000000 bytes" },
    };

    // Not enumerated at discovery: that would write megabytes down byte by byte.
    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public async Task Scan_WhatAPackMayHold_Passes(string what, byte[] content)
    {
        Assert.Equal(new ScanResult(true, null), await ScanAsync(content));
        Assert.NotEmpty(what);
    }

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public async Task Scan_WhatAPackMustNotHold_IsNamed(string what, byte[] content, string reason)
    {
        var result = await ScanAsync(content);
        Assert.True(result.IsDecided, what);
        Assert.Contains(reason, result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_LargeArchiveWhileSomebodyWaits_IsLeftForLater()
    {
        var scanner = new FileScanner(Options.Create(new ScanOptions { InlineBytes = 1000 }), TimeProvider.System);
        var zip = Archives.Zip(("a", Random(2000)));
        Assert.False((await scanner.ScanAsync(new MemoryStream(zip), inline: true, CancellationToken.None)).IsDecided);
        Assert.True((await scanner.ScanAsync(new MemoryStream(zip), inline: false, CancellationToken.None)).IsDecided);
        Assert.True((await scanner.ScanAsync(new MemoryStream(Random(2000)), inline: true, CancellationToken.None)).IsDecided);
    }

    private static Task<ScanResult> ScanAsync(byte[] content) =>
        new FileScanner(Options.Create(Limits), TimeProvider.System).ScanAsync(new MemoryStream(content), inline: false, CancellationToken.None);

    private static byte[] Random(int sizeBytes)
    {
        var bytes = new byte[sizeBytes];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damaged(byte[] zip)
    {
        zip.AsSpan(40, 200).Fill(0xff);
        return zip;
    }
}
