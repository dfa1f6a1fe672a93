using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>
/// Turns MessagePack into the JSON that says the same, so that every rule for bodies is written once. Taken is what JSON can say: nil, booleans, integers (64 bits, exactly), finite floats, UTF-8 text,
/// arrays, and maps whose keys are text. The output is at most some six times the input: no count in it makes the hub reserve anything.
/// </summary>
internal ref struct MessagePackToJson
{
    private const int MaxDepth = 32; // as of JSON bodies

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ReadOnlySpan<byte> source;

    private int position;

    private string? problem;

    private MessagePackToJson(ReadOnlySpan<byte> source) => this.source = source;

    /// <summary>False: <paramref name="problem"/> says what is wrong, and at which byte, counted from 0.</summary>
    public static bool TryConvert(ReadOnlySpan<byte> source, [NotNullWhen(true)] out byte[]? json, [NotNullWhen(false)] out string? problem)
    {
        var reader = new MessagePackToJson(source);
        var output = new ArrayBufferWriter<byte>(Math.Max(16, source.Length));
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            if (reader.ReadValue(writer, depth: 0) && reader.position < source.Length) reader.Fail("the body goes on behind its value");
        }

        (json, problem) = (null, reader.problem);
        if (problem is not null) return false;
        json = output.WrittenSpan.ToArray();
        return true;
    }

    private bool ReadValue(Utf8JsonWriter writer, int depth)
    {
        if (!TryTake(1, out var head)) return false;
        var type = head[0];
        switch (type)
        {
            case <= 0x7F: writer.WriteNumberValue((uint)type); return true;
            case <= 0x8F: return ReadMap(writer, type & 0x0F, depth);
            case <= 0x9F: return ReadArray(writer, type & 0x0F, depth);
            case <= 0xBF: return ReadText(writer, type & 0x1F, isName: false);
            case 0xC0: writer.WriteNullValue(); return true;
            case 0xC2 or 0xC3: writer.WriteBooleanValue(type == 0xC3); return true;
            case 0xCA: return TryTake(4, out var single) && WriteFloat(writer, BinaryPrimitives.ReadSingleBigEndian(single));
            case 0xCB: return TryTake(8, out var real) && WriteFloat(writer, BinaryPrimitives.ReadDoubleBigEndian(real));
            case >= 0xCC and <= 0xCF: return TryReadUnsigned(1 << (type - 0xCC), out var unsigned) && Write(writer, unsigned);
            case >= 0xD0 and <= 0xD3: return TryReadSigned(1 << (type - 0xD0), out var signed) && Write(writer, signed);
            case >= 0xD9 and <= 0xDB: return TryReadUnsigned(1 << (type - 0xD9), out var length) && ReadText(writer, length, isName: false);
            case 0xDC or 0xDD: return TryReadUnsigned(2 << (type - 0xDC), out var items) && ReadArray(writer, items, depth);
            case 0xDE or 0xDF: return TryReadUnsigned(2 << (type - 0xDE), out var members) && ReadMap(writer, members, depth);
            case >= 0xE0: writer.WriteNumberValue((int)unchecked((sbyte)type)); return true;
            default: return Fail($"binary and extension types are not taken (0x{type:x2})");
        }
    }

    private bool ReadArray(Utf8JsonWriter writer, ulong count, int depth) => ReadArray(writer, (long)count, depth);

    private bool ReadArray(Utf8JsonWriter writer, long count, int depth)
    {
        if (depth >= MaxDepth) return Fail($"more than {MaxDepth} levels");
        writer.WriteStartArray();
        for (var i = 0L; i < count; i++)
            if (!ReadValue(writer, depth + 1)) return false;
        writer.WriteEndArray();
        return true;
    }

    private bool ReadMap(Utf8JsonWriter writer, ulong count, int depth) => ReadMap(writer, (long)count, depth);

    private bool ReadMap(Utf8JsonWriter writer, long count, int depth)
    {
        if (depth >= MaxDepth) return Fail($"more than {MaxDepth} levels");
        writer.WriteStartObject();
        for (var i = 0L; i < count; i++)
            if (!ReadName(writer) || !ReadValue(writer, depth + 1)) return false;
        writer.WriteEndObject();
        return true;
    }

    private bool ReadName(Utf8JsonWriter writer)
    {
        if (!TryTake(1, out var head)) return false;
        return head[0] switch
        {
            >= 0xA0 and <= 0xBF => ReadText(writer, head[0] & 0x1F, isName: true),
            >= 0xD9 and <= 0xDB => TryReadUnsigned(1 << (head[0] - 0xD9), out var length) && ReadText(writer, length, isName: true),
            _ => Fail("a key of a map is not text"),
        };
    }

    private bool ReadText(Utf8JsonWriter writer, int lengthBytes, bool isName) => ReadText(writer, (ulong)lengthBytes, isName);

    private bool ReadText(Utf8JsonWriter writer, ulong lengthBytes, bool isName)
    {
        if (lengthBytes > (ulong)(source.Length - position)) return Fail("it breaks off");
        _ = TryTake((int)lengthBytes, out var text);
        if (!Utf8.IsValid(text)) return Fail("a text is not UTF-8");
        if (isName) writer.WritePropertyName(text);
        else writer.WriteStringValue(text);
        return true;
    }

    private bool WriteFloat(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value)) return Fail("a number is not finite");
        writer.WriteNumberValue(value);
        return true;
    }

    private static bool Write(Utf8JsonWriter writer, ulong value)
    {
        writer.WriteNumberValue(value);
        return true;
    }

    private static bool Write(Utf8JsonWriter writer, long value)
    {
        writer.WriteNumberValue(value);
        return true;
    }

    private bool TryReadUnsigned(int sizeBytes, out ulong value)
    {
        value = 0;
        if (!TryTake(sizeBytes, out var bytes)) return false;
        foreach (var one in bytes) value = (value << 8) | one;
        return true;
    }

    private bool TryReadSigned(int sizeBytes, out long value)
    {
        var isRead = TryReadUnsigned(sizeBytes, out var bits);
        var unused = 64 - (8 * sizeBytes);
        value = unchecked((long)(bits << unused)) >> unused; // spreads the sign
        return isRead;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count > source.Length - position) return Fail("it breaks off");
        bytes = source.Slice(position, count);
        position += count;
        return true;
    }

    private bool Fail(string reason)
    {
        problem ??= string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the body is not the MessagePack that this route reads: {reason}, at byte {position}");
        return false;
    }
}
