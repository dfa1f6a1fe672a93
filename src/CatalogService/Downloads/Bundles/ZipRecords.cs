using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>One file of a zip.</summary>
/// <param name="Path">Name in the zip, with forward slashes.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
/// <param name="IsExecutable">Whether Unix marks it executable.</param>
internal sealed record ZipEntry(string Path, long SizeBytes, bool IsExecutable);

/// <summary>
/// The records of a zip around its files, as APPNOTE.TXT has them: nothing is compressed, sizes and checksums stand before the content (some readers
/// cannot do without), every time stamp is the first that a zip can express, and the large forms appear exactly where a number needs them. So the bytes depend on the files alone.
/// </summary>
internal static class ZipRecords
{
    private const ushort Plain = 20; // version needed to extract
    private const ushort Large = 45; // with zip64 fields
    private const ushort MadeOnUnix = 3 << 8;
    private const ushort Utf8Names = 1 << 11;
    private const ushort FirstOfJanuary1980 = (1 << 5) | 1;
    private const ushort LargeFields = 1; // id of the extra field
    private const uint RegularFile = 0x8000; // of st_mode

    public static byte[] LocalHeader(ZipEntry entry, uint crc32)
    {
        var isLarge = IsLarge(entry.SizeBytes);
        var record = new Record();
        record.Add4(0x04034b50).Add2(isLarge ? Large : Plain).Add2(Utf8Names).Add2(0).Add2(0).Add2(FirstOfJanuary1980).Add4(crc32);
        record.Add4(Cut(entry.SizeBytes)).Add4(Cut(entry.SizeBytes));
        var name = Encoding.UTF8.GetBytes(entry.Path);
        record.Add2((ushort)name.Length).Add2((ushort)(isLarge ? 20 : 0)).Add(name);
        if (isLarge) record.Add2(LargeFields).Add2(16).Add8(entry.SizeBytes).Add8(entry.SizeBytes);
        return record.ToArray();
    }

    public static byte[] CentralHeader(ZipEntry entry, uint crc32, long offset)
    {
        var (isLarge, isFar) = (IsLarge(entry.SizeBytes), IsLarge(offset));
        var large = (isLarge ? 16 : 0) + (isFar ? 8 : 0);
        var version = large > 0 ? Large : Plain;
        var record = new Record();
        record.Add4(0x02014b50).Add2((ushort)(MadeOnUnix | version)).Add2(version).Add2(Utf8Names).Add2(0).Add2(0).Add2(FirstOfJanuary1980).Add4(crc32);
        record.Add4(Cut(entry.SizeBytes)).Add4(Cut(entry.SizeBytes));
        var name = Encoding.UTF8.GetBytes(entry.Path);
        record.Add2((ushort)name.Length).Add2((ushort)(large > 0 ? large + 4 : 0)).Add2(0).Add2(0).Add2(0);
        record.Add4((RegularFile | (entry.IsExecutable ? 0x1EDu : 0x1A4u)) << 16).Add4(Cut(offset)).Add(name); // 0755 or 0644
        if (large > 0) record.Add2(LargeFields).Add2((ushort)large);
        if (isLarge) record.Add8(entry.SizeBytes).Add8(entry.SizeBytes);
        if (isFar) record.Add8(offset);
        return record.ToArray();
    }

    public static byte[] End(long count, long directoryOffset, long directorySizeBytes)
    {
        var record = new Record();
        if (count >= ushort.MaxValue || IsLarge(directoryOffset) || IsLarge(directorySizeBytes))
        {
            record.Add4(0x06064b50).Add8(44).Add2(MadeOnUnix | Large).Add2(Large).Add4(0).Add4(0).Add8(count).Add8(count).Add8(directorySizeBytes).Add8(directoryOffset);
            record.Add4(0x07064b50).Add4(0).Add8(directoryOffset + directorySizeBytes).Add4(1);
        }

        var few = (ushort)Math.Min(count, ushort.MaxValue);
        record.Add4(0x06054b50).Add2(0).Add2(0).Add2(few).Add2(few).Add4(Cut(directorySizeBytes)).Add4(Cut(directoryOffset)).Add2(0);
        return record.ToArray();
    }

    private static bool IsLarge(long value) => value >= uint.MaxValue;

    private static uint Cut(long value) => IsLarge(value) ? uint.MaxValue : (uint)value;

    private sealed class Record
    {
        private readonly ArrayBufferWriter<byte> bytes = new(128);

        public Record Add2(ushort value)
        {
            Span<byte> two = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(two, value);
            return Add(two);
        }

        public Record Add4(uint value)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(four, value);
            return Add(four);
        }

        public Record Add8(long value)
        {
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(eight, value);
            return Add(eight);
        }

        public Record Add(ReadOnlySpan<byte> value)
        {
            bytes.Write(value);
            return this;
        }

        public byte[] ToArray() => bytes.WrittenSpan.ToArray();
    }
}
