using System.Buffers.Binary;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>An entry of a zip file.</summary>
/// <param name="HeaderAt">Where its local header stands.</param>
/// <param name="Method">How it is compressed: 0 not at all, 8 deflate.</param>
/// <param name="IsEncrypted">Whether it cannot be read.</param>
/// <param name="PackedBytes">Its compressed size.</param>
/// <param name="DeclaredBytes">What it says it expands to.</param>
internal readonly record struct ZipEntry(long HeaderAt, int Method, bool IsEncrypted, long PackedBytes, long DeclaredBytes);

/// <summary>
/// Reads the directory of a zip file, entry by entry and never more entries than asked for: the framework's reader takes a directory into memory whole before
/// anything can be said of it.
/// </summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;

    private const int Zip64EndBytes = 56;

    private const int HeaderBytes = 46;

    private const int LocatorBytes = 20;

    private const uint EndSignature = 0x06054b50;

    private const uint HeaderSignature = 0x02014b50;

    /// <summary>The entries, one more than <paramref name="mostEntries"/> at most; null when this is not a zip file.</summary>
    public static async Task<List<ZipEntry>?> ReadAsync(Stream content, int mostEntries, CancellationToken stop)
    {
        var tail = new byte[(int)Math.Min(content.Length, EndBytes + ushort.MaxValue)];
        if (tail.Length < EndBytes) return null;
        content.Position = content.Length - tail.Length;
        await content.ReadExactlyAsync(tail, stop);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndSignature) continue;
            var endAt = content.Length - tail.Length + at;
            var place = await PlaceAsync(content, tail.AsMemory(at, EndBytes), endAt, stop);
            if (place is { } found) return await EntriesAsync(content, found.Start, found.End, found.Shift, mostEntries, stop);
        }

        return null;
    }

    /// <summary>Where the directory is; null when what looks like its end is not.</summary>
    private static async Task<(long Start, long End, long Shift)?> PlaceAsync(Stream content, ReadOnlyMemory<byte> end, long endAt, CancellationToken stop)
    {
        long entries = BinaryPrimitives.ReadUInt16LittleEndian(end.Span[10..]);
        long sizeBytes = BinaryPrimitives.ReadUInt32LittleEndian(end.Span[12..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(end.Span[16..]);
        if (entries == ushort.MaxValue || sizeBytes == uint.MaxValue || start == uint.MaxValue)
        {
            var locator = await BytesAsync(content, endAt - LocatorBytes, LocatorBytes, stop);
            if (locator is not null && BinaryPrimitives.ReadUInt32LittleEndian(locator) == 0x07064b50)
            {
                var bigEndAt = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
                var bigEnd = await BytesAsync(content, bigEndAt, Zip64EndBytes, stop);
                if (bigEnd is not null && BinaryPrimitives.ReadUInt32LittleEndian(bigEnd) == 0x06064b50)
                {
                    entries = BinaryPrimitives.ReadInt64LittleEndian(bigEnd.AsSpan(32));
                    sizeBytes = BinaryPrimitives.ReadInt64LittleEndian(bigEnd.AsSpan(40));
                    start = BinaryPrimitives.ReadInt64LittleEndian(bigEnd.AsSpan(48));
                    endAt = bigEndAt;
                }
            }
        }

        if (entries == 0) return (endAt, endAt, 0);
        if (await IsHeaderAsync(content, start, stop)) return (start, endAt, 0);
        var shifted = endAt - sizeBytes; // something stands before the archive, as in self-extracting ones, and its offsets do not count it
        return await IsHeaderAsync(content, shifted, stop) ? (shifted, endAt, shifted - start) : null;
    }

    private static async Task<List<ZipEntry>> EntriesAsync(Stream content, long start, long end, long shift, int mostEntries, CancellationToken stop)
    {
        var entries = new List<ZipEntry>();
        content.Position = start;
        // Buffered here, because the store answers every small read elsewhere with a request of its own. It is not disposed of: the content stays open.
        var directory = new BufferedStream(content, 64 * 1024);
        var header = new byte[HeaderBytes];
        var rest = new byte[3 * ushort.MaxValue];
        for (var at = start; at + HeaderBytes <= end && entries.Count <= mostEntries;)
        {
            if (await directory.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, stop) < HeaderBytes) break;
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature) break;
            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)), extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
            var restBytes = nameBytes + extraBytes + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
            if (await directory.ReadAtLeastAsync(rest.AsMemory(0, restBytes), restBytes, throwOnEndOfStream: false, stop) < restBytes) break;
            entries.Add(Entry(header, rest.AsSpan(nameBytes, extraBytes), shift));
            at += HeaderBytes + restBytes;
        }

        return entries;
    }

    private static ZipEntry Entry(ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra, long shift)
    {
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), declared = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long headerAt = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        while (extra.Length >= 4)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            var big = extra.Slice(4, length);
            if (kind == 1) // zip64: those of the three that did not fit, in this order
            {
                if (declared == uint.MaxValue) declared = Take(ref big, declared);
                if (packed == uint.MaxValue) packed = Take(ref big, packed);
                if (headerAt == uint.MaxValue) headerAt = Take(ref big, headerAt);
            }

            extra = extra[(4 + length)..];
        }

        var isEncrypted = (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) & 1) != 0;
        return new ZipEntry(headerAt + shift, BinaryPrimitives.ReadUInt16LittleEndian(header[10..]), isEncrypted, packed, declared);
    }

    private static long Take(ref ReadOnlySpan<byte> big, long otherwise)
    {
        if (big.Length < 8) return otherwise;
        var value = BinaryPrimitives.ReadInt64LittleEndian(big);
        big = big[8..];
        return value < 0 ? long.MaxValue / 4 : value;
    }

    private static async Task<bool> IsHeaderAsync(Stream content, long at, CancellationToken stop) =>
        await BytesAsync(content, at, 4, stop) is { } found && BinaryPrimitives.ReadUInt32LittleEndian(found) == HeaderSignature;

    private static async Task<byte[]?> BytesAsync(Stream content, long at, int count, CancellationToken stop)
    {
        if (at < 0 || at > content.Length - count) return null;
        var bytes = new byte[count];
        content.Position = at;
        await content.ReadExactlyAsync(bytes, stop);
        return bytes;
    }
}
