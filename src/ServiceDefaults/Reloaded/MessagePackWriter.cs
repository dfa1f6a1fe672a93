using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>Writes MessagePack (github.com/msgpack/msgpack, spec.md): each value in its shortest form, so that the same values are always the same bytes.</summary>
/// <param name="buffer">Where to; the writer's own without one.</param>
public sealed class MessagePackWriter(ArrayBufferWriter<byte>? buffer = null)
{
    private const int HeaderBytes = 9; // the longest: one type byte and 64 bits

    private readonly ArrayBufferWriter<byte> buffer = buffer ?? new ArrayBufferWriter<byte>();

    /// <summary>All that the buffer has.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>Null.</summary>
    public void WriteNil() => WriteByte(0xC0);

    /// <summary>True or false.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)0xC3 : (byte)0xC2);

    /// <summary>A whole number of 0 or more.</summary>
    public void WriteUnsigned(ulong value)
    {
        if (value < 0x80) WriteByte((byte)value);
        else if (value <= byte.MaxValue) Write8(0xCC, (byte)value);
        else if (value <= ushort.MaxValue) Write16(0xCD, (ushort)value);
        else if (value <= uint.MaxValue) Write32(0xCE, (uint)value);
        else Write64(0xCF, value);
    }

    /// <summary>A whole number.</summary>
    public void WriteInteger(long value)
    {
        if (value >= 0) WriteUnsigned((ulong)value);
        else if (value >= -32) WriteByte(unchecked((byte)value));
        else if (value >= sbyte.MinValue) Write8(0xD0, unchecked((byte)value));
        else if (value >= short.MinValue) Write16(0xD1, unchecked((ushort)value));
        else if (value >= int.MinValue) Write32(0xD2, unchecked((uint)value));
        else Write64(0xD3, unchecked((ulong)value));
    }

    /// <summary>Text, as UTF-8.</summary>
    public void WriteString(string value)
    {
        var lengthBytes = Encoding.UTF8.GetByteCount(value);
        if (lengthBytes < 32) WriteByte((byte)(0xA0 | lengthBytes));
        else if (lengthBytes <= byte.MaxValue) Write8(0xD9, (byte)lengthBytes);
        else if (lengthBytes <= ushort.MaxValue) Write16(0xDA, (ushort)lengthBytes);
        else Write32(0xDB, (uint)lengthBytes);
        buffer.Advance(Encoding.UTF8.GetBytes(value, buffer.GetSpan(lengthBytes)));
    }

    /// <summary>Begins a list; its items follow.</summary>
    public void WriteArrayHeader(int count)
    {
        if (count < 16) WriteByte((byte)(0x90 | count));
        else if (count <= ushort.MaxValue) Write16(0xDC, (ushort)count);
        else Write32(0xDD, (uint)count);
    }

    /// <summary>Begins a map; for each entry its key and its value follow.</summary>
    public void WriteMapHeader(int count)
    {
        if (count < 16) WriteByte((byte)(0x80 | count));
        else if (count <= ushort.MaxValue) Write16(0xDE, (ushort)count);
        else Write32(0xDF, (uint)count);
    }

    private void WriteByte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    private void Write8(byte type, byte value)
    {
        var span = buffer.GetSpan(HeaderBytes);
        (span[0], span[1]) = (type, value);
        buffer.Advance(2);
    }

    private void Write16(byte type, ushort value)
    {
        var span = buffer.GetSpan(HeaderBytes);
        span[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        buffer.Advance(3);
    }

    private void Write32(byte type, uint value)
    {
        var span = buffer.GetSpan(HeaderBytes);
        span[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        buffer.Advance(5);
    }

    private void Write64(byte type, ulong value)
    {
        var span = buffer.GetSpan(HeaderBytes);
        span[0] = type;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        buffer.Advance(9);
    }
}
