using System.Buffers;
using System.Globalization;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>Writes commands in RESP, the protocol of Redis: an array of bulk strings, each with its length in front.</summary>
internal static class RespWriter
{
    public static void WriteCommand(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<RedisArgument> arguments)
    {
        WriteHeader(output, (byte)'*', arguments.Length + 1);
        WriteBulk(output, name);
        WriteArguments(output, arguments);
    }

    public static void WriteArguments(IBufferWriter<byte> output, ReadOnlySpan<RedisArgument> arguments)
    {
        foreach (ref readonly var argument in arguments)
            argument.WriteTo(output);
    }

    public static void WriteBulk(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteHeader(output, (byte)'$', bytes.Length);
        var span = output.GetSpan(bytes.Length + 2);
        bytes.CopyTo(span);
        "\r\n"u8.CopyTo(span[bytes.Length..]);
        output.Advance(bytes.Length + 2);
    }

    public static void WriteHeader(IBufferWriter<byte> output, byte prefix, int count)
    {
        var span = output.GetSpan(13); // prefix, at most 10 digits, CR LF
        span[0] = prefix;
        count.TryFormat(span[1..], out var digits, provider: CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        output.Advance(digits + 3);
    }
}
