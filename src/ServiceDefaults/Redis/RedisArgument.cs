using System.Buffers;
using System.Globalization;
using System.Text;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>One argument of a Redis command: text (sent as UTF-8), raw bytes or a number (sent in its invariant decimal form).</summary>
/// <remarks>Made by implicit conversion, so that a call reads <c>["key", 42, payload]</c> and allocates nothing.</remarks>
public readonly struct RedisArgument
{
    private readonly string? text;
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly long number;
    private readonly Kind kind;

    private enum Kind : byte { Bytes, Text, Integer, Real }

    private RedisArgument(Kind kind, string? text, ReadOnlyMemory<byte> bytes, long number)
    {
        this.kind = kind;
        this.text = text;
        this.bytes = bytes;
        this.number = number;
    }

    /// <summary>Text, sent as UTF-8.</summary>
    public static implicit operator RedisArgument(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new RedisArgument(Kind.Text, value, default, 0);
    }

    /// <summary>Bytes, sent as they are; they must not change until the call has returned its task.</summary>
    public static implicit operator RedisArgument(ReadOnlyMemory<byte> value) => new(Kind.Bytes, null, value, 0);

    /// <summary>Bytes, sent as they are; they must not change until the call has returned its task.</summary>
    public static implicit operator RedisArgument(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new RedisArgument(Kind.Bytes, null, value, 0);
    }

    /// <summary>A whole number in decimal digits.</summary>
    public static implicit operator RedisArgument(long value) => new(Kind.Integer, null, default, value);

    /// <summary>A whole number in decimal digits.</summary>
    public static implicit operator RedisArgument(int value) => new(Kind.Integer, null, default, value);

    /// <summary>A real number in its shortest form that reads back unchanged.</summary>
    public static implicit operator RedisArgument(double value) => new(Kind.Real, null, default, BitConverter.DoubleToInt64Bits(value));

    internal void WriteTo(IBufferWriter<byte> output)
    {
        switch (kind)
        {
            case Kind.Text:
                WriteText(output, text!);
                break;
            case Kind.Bytes:
                RespWriter.WriteBulk(output, bytes.Span);
                break;
            case Kind.Integer:
                Span<byte> digits = stackalloc byte[20]; // "-9223372036854775808"
                number.TryFormat(digits, out var digitCount, provider: CultureInfo.InvariantCulture);
                RespWriter.WriteBulk(output, digits[..digitCount]);
                break;
            default:
                Span<byte> real = stackalloc byte[32]; // the longest round-trip form of a double has 24 characters
                BitConverter.Int64BitsToDouble(number).TryFormat(real, out var realCount, provider: CultureInfo.InvariantCulture);
                RespWriter.WriteBulk(output, real[..realCount]);
                break;
        }
    }

    private static void WriteText(IBufferWriter<byte> output, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        RespWriter.WriteHeader(output, (byte)'$', length);
        var span = output.GetSpan(length + 2);
        Encoding.UTF8.GetBytes(text, span);
        "\r\n"u8.CopyTo(span[length..]);
        output.Advance(length + 2);
    }
}
