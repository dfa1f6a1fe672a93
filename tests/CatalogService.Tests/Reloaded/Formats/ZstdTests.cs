using System.Security.Cryptography;
using System.Text;
using PackRelay.CatalogService.Reloaded.Formats;

namespace PackRelay.CatalogService.Tests.Reloaded.Formats;

public sealed class ZstdTests : IDisposable
{
    private const int Limit = 4 * 1024 * 1024;

    private readonly Zstd zstd = new();

    public void Dispose() => zstd.Dispose();

    [Fact]
    public void Expand_WhatWasCompressed_IsTheSame()
    {
        foreach (var length in new[] { 0, 1, 1000, 65_535, 65_536, 65_537, 131_072, 3_000_000 })
        {
            foreach (var content in new[] { RandomNumberGenerator.GetBytes(length), new byte[length], [.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length / 4).Select(i => i % 977)))] })
            {
                foreach (var level in new[] { Zstd.AnswerLevel, Zstd.FileLevel })
                {
                    var frame = zstd.Compress(content, level);
                    Assert.Equal(Expansion.Whole, zstd.TryExpand(frame, Limit, out var expanded));
                    Assert.Equal(content, expanded);
                    Assert.Equal(frame, zstd.Compress(content, level)); // the same bytes give the same frame
                }
            }
        }
    }

    [Fact]
    public void Expand_FramesInARow_GivesAllOfThem()
    {
        byte[] skippable = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] frames = [.. zstd.Compress("one "u8, 3), .. skippable, .. zstd.Compress("two"u8, 3)];
        Assert.Equal(Expansion.Whole, zstd.TryExpand(frames, Limit, out var content));
        Assert.Equal("one two", Encoding.ASCII.GetString(content));
    }

    [Fact]
    public void Expand_AtTheLimit_DecidesToTheByte()
    {
        var frame = zstd.Compress(new byte[100_000], 3);
        Assert.Equal(Expansion.Whole, zstd.TryExpand(frame, 100_000, out _));
        Assert.Equal(Expansion.TooLarge, zstd.TryExpand(frame, 99_999, out _));
    }

    [Fact]
    public void Expand_ABomb_TakesNoMoreThanTheLimit()
    {
        var bomb = zstd.Compress(new byte[200_000_000], 3);
        _ = zstd.TryExpand(bomb, 1024, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Expansion.TooLarge, zstd.TryExpand(bomb, 1024 * 1024, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void Expand_CutAnywhere_IsBroken()
    {
        var frame = zstd.Compress(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000))), 3);
        for (var length = 0; length < frame.Length; length++) Assert.NotEqual(Expansion.Whole, zstd.TryExpand(frame.AsSpan(0, length), Limit, out _));
    }

    [Fact]
    public void Expand_AWindowThatIsTooBig_IsBroken() // window descriptor of 2^31 bytes
        => Assert.Equal(Expansion.Broken, zstd.TryExpand([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x01, 0x00, 0x00], Limit, out _));

    [Fact]
    public void Expand_Fuzzed_NeverFails()
    {
        var random = new Random(20_261_122);
        var good = zstd.Compress(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500))), 3);
        for (var i = 0; i < 50_000; i++)
        {
            var input = good[..];
            for (var change = random.Next(1, 6); change > 0; change--) input[random.Next(i % 3 == 0 ? 12 : input.Length)] = (byte)random.Next(256);
            if (zstd.TryExpand(input, 100_000, out var content) == Expansion.Whole) Assert.InRange(content.Length, 0, 100_000);
        }
    }

    [Fact]
    public async Task Compress_FromManyThreads_IsSafe() => await Parallel.ForAsync(0, 200, (i, _) =>
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(i, 5000)));
        Assert.Equal(Expansion.Whole, zstd.TryExpand(zstd.Compress(content, 3), Limit, out var expanded));
        Assert.Equal(content, expanded);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void Load_NoLibrary_SaysWhatToInstall() =>
        Assert.Contains("apt-get install libzstd1", Assert.Throws<DllNotFoundException>(() => NativeLibraries.Load(["no-such-library"], "libzstd1")).Message, StringComparison.Ordinal);
}
