using System.Buffers.Binary;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>
/// A Zstandard frame (RFC 8878) whose content stands in it as it is: what is as short as an error would not get shorter, and whoever writes one needs no library for it.
/// </summary>
internal static class ZstandardFrame
{
    /// <summary>Longest content: one block, 128 KiB.</summary>
    public const int MaxContentBytes = 128 * 1024;

    private const uint Magic = 0xFD2FB528;

    private const byte OneSegmentWithSizeOf4Bytes = 0xA0;

    private const uint LastBlock = 1; // raw, since its type is 0

    private const int HeadBytes = 12;

    /// <summary>The frame.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxContentBytes) throw new ArgumentException($"At most {MaxContentBytes} bytes.", nameof(content));
        var frame = new byte[HeadBytes + content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        frame[4] = OneSegmentWithSizeOf4Bytes;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(5), (uint)content.Length);
        var block = ((uint)content.Length << 3) | LastBlock;
        (frame[9], frame[10], frame[11]) = ((byte)block, (byte)(block >> 8), (byte)(block >> 16));
        content.CopyTo(frame.AsSpan(HeadBytes));
        return frame;
    }
}
