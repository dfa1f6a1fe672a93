using System.Globalization;
using System.IO.Compression;
using System.Text;
using PackRelay.CatalogService.Downloads.Bundles;

namespace PackRelay.CatalogService.Tests.Downloads.Bundles;

public sealed class ZipWriterTests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Append_KnownTexts_GivesTheirChecksum(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(expected, Crc32.Append(0, bytes));
        for (var cut = 0; cut <= bytes.Length; cut++) Assert.Equal(expected, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }

    [Fact]
    public async Task Write_SmallLargeAndEmptyFiles_AreReadBackAsTheyWere()
    {
        var large = new byte[1_000_003];
        new Random(1).NextBytes(large);
        var zip = await WriteAsync(("a/é🦊.txt", "hello"u8.ToArray(), false), ("b/large", large, false), ("c/empty", [], false), ("run.sh", "#!"u8.ToArray(), true));
        using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.Equal(["a/é🦊.txt", "b/large", "c/empty", "run.sh"], archive.Entries.Select(entry => entry.FullName));
        Assert.Equal(large, Read(archive.Entries[1]));
        Assert.Equal("hello"u8.ToArray(), Read(archive.Entries[0]));
        Assert.All(archive.Entries, entry => Assert.Equal((entry.Length, new DateTime(1980, 1, 1)), (entry.CompressedLength, entry.LastWriteTime.DateTime)));
        Assert.Equal([0x81A4, 0x81A4, 0x81A4, 0x81ED], archive.Entries.Select(entry => (entry.ExternalAttributes >> 16) & 0xFFFF));
    }

    [Fact]
    public async Task Write_TheSameTwice_GivesKnownBytes()
    {
        var zip = await WriteAsync(("a.txt", "hello"u8.ToArray(), false));
        Assert.Equal(
            "504B03041400000800000000210086A6103605000000050000000500000" + "0612E74787468656C6C6F"
            + "504B01021403140000080000000021008" + "6A610360500000005000000050000000000000000000000A48100000000612E747874"
            + "504B0506000000000100010033000000280000000000",
            Convert.ToHexString(zip));
    }

    [Fact]
    public async Task Write_MoreFilesThanTheShortFormCounts_IsReadBack()
    {
        const int count = 65_536;
        var output = new MemoryStream();
        var writer = new ZipWriter(output);
        for (var i = 0; i < count; i++)
            await writer.AddAsync(new ZipEntry(i.ToString(CultureInfo.InvariantCulture), 0, IsExecutable: false), Stream.Null, CancellationToken.None);
        await writer.FinishAsync(CancellationToken.None);
        using var archive = new ZipArchive(output);
        Assert.Equal(count, archive.Entries.Count);
    }

    [Fact]
    public void Records_OfLargeFilesAndOffsets_UseTheLargeForms()
    {
        const long size = 5_000_000_000;
        const long offset = 6_000_000_000;
        var entry = new ZipEntry("a", size, IsExecutable: false);
        var local = ZipRecords.LocalHeader(entry, 1);
        Assert.Equal((45, uint.MaxValue, 20), (BitConverter.ToUInt16(local, 4), BitConverter.ToUInt32(local, 22), BitConverter.ToUInt16(local, 28)));
        Assert.Equal((1, 16, size, size), (BitConverter.ToUInt16(local, 31), BitConverter.ToUInt16(local, 33), BitConverter.ToInt64(local, 35), BitConverter.ToInt64(local, 43)));
        var central = ZipRecords.CentralHeader(entry, 1, offset);
        Assert.Equal((uint.MaxValue, 28, uint.MaxValue), (BitConverter.ToUInt32(central, 24), BitConverter.ToUInt16(central, 30), BitConverter.ToUInt32(central, 42)));
        Assert.Equal((24, size, offset), (BitConverter.ToUInt16(central, 49), BitConverter.ToInt64(central, 51), BitConverter.ToInt64(central, 67)));
        var end = ZipRecords.End(1, offset, 75);
        Assert.Equal((56 + 20 + 22, offset, offset + 75), (end.Length, BitConverter.ToInt64(end, 48), BitConverter.ToInt64(end, 64)));
        Assert.Equal(22, ZipRecords.End(65_534, uint.MaxValue - 1, 1).Length);
    }

    [Fact]
    public async Task Add_ContentOfAnotherSize_IsRefused()
    {
        foreach (var size in new[] { 3L, 5L, 1_000_000L })
        {
            var writer = new ZipWriter(new MemoryStream());
            await Assert.ThrowsAsync<InvalidDataException>(() => writer.AddAsync(new ZipEntry("a", size, IsExecutable: false), new MemoryStream(new byte[4]), CancellationToken.None));
        }
    }

    private static async Task<byte[]> WriteAsync(params (string Path, byte[] Content, bool IsExecutable)[] files)
    {
        var output = new MemoryStream();
        var writer = new ZipWriter(output);
        foreach (var (path, content, isExecutable) in files)
            await writer.AddAsync(new ZipEntry(path, content.Length, isExecutable), new MemoryStream(content), CancellationToken.None);
        await writer.FinishAsync(CancellationToken.None);
        return output.ToArray();
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }
}
