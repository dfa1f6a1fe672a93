using System.Buffers.Binary;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>The checksum that zips carry (CRC-32 of ISO 3309), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Slices = 8;

    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Goes on from the checksum of what came before; 0 at the beginning.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var (t0, t1, t2, t3, t4, t5, t6, t7) = (Tables[0], Tables[1], Tables[2], Tables[3], Tables[4], Tables[5], Tables[6], Tables[7]);
        var crc = ~checksum;
        while (bytes.Length >= Slices)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t7[(byte)low] ^ t6[(byte)(low >> 8)] ^ t5[(byte)(low >> 16)] ^ t4[low >> 24]
                ^ t3[(byte)high] ^ t2[(byte)(high >> 8)] ^ t1[(byte)(high >> 16)] ^ t0[high >> 24];
            bytes = bytes[Slices..];
        }

        foreach (var value in bytes) crc = t0[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        const uint polynomial = 0xEDB88320;
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++) tables[slice] = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ polynomial;
            tables[0][value] = crc;
        }

        for (var slice = 1; slice < Slices; slice++)
            for (var value = 0; value < 256; value++)
                tables[slice][value] = (tables[slice - 1][value] >> 8) ^ tables[0][(byte)tables[slice - 1][value]];
        return tables;
    }
}
