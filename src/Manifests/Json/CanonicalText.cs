using System.Globalization;
using System.Text;

namespace PackRelay.Manifests.Json;

/// <summary>JSON strings: their escapes taken away, and written again as JSON.stringify (ECMA-262, QuoteJSONString) writes them.</summary>
internal static class CanonicalText
{
    internal enum Outcome { Ok, HasNul, LoneSurrogate }

    /// <summary>Appends the text that <paramref name="raw"/> (a string's inside as it stands in the document) means, as UTF-8.</summary>
    public static Outcome Decode(ReadOnlySpan<byte> raw, PooledBuffer output) => Copy(raw, output, escape: false);

    /// <summary>Appends <paramref name="raw"/> with canonical escapes, without the quotes.</summary>
    public static Outcome Write(ReadOnlySpan<byte> raw, PooledBuffer output) => Copy(raw, output, escape: true);

    /// <summary>Appends already decoded UTF-8 text with canonical escapes, without the quotes.</summary>
    public static void WriteDecoded(ReadOnlySpan<byte> text, PooledBuffer output)
    {
        foreach (var unit in text)
        {
            if (unit is < 0x20 or (byte)'"' or (byte)'\\') AppendRune(new Rune(unit), output, escape: true);
            else output.Append(unit);
        }
    }

    private static Outcome Copy(ReadOnlySpan<byte> raw, PooledBuffer output, bool escape)
    {
        var outcome = Outcome.Ok;
        while (true)
        {
            // Without a backslash a string has nothing to change: the grammar forbids raw quotes and control characters.
            var backslash = raw.IndexOf((byte)'\\');
            if (backslash < 0)
            {
                output.Append(raw);
                return outcome;
            }
            output.Append(raw[..backslash]);
            raw = raw[backslash..];
            if (!TryReadEscape(ref raw, out var rune)) return Outcome.LoneSurrogate;
            if (rune.Value == 0) outcome = Outcome.HasNul;
            AppendRune(rune, output, escape);
        }
    }

    private static bool TryReadEscape(ref ReadOnlySpan<byte> raw, out Rune rune)
    {
        var letter = raw[1];
        if (letter != (byte)'u')
        {
            rune = new Rune(letter switch { (byte)'b' => '\b', (byte)'f' => '\f', (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', _ => (char)letter });
            raw = raw[2..];
            return true;
        }
        var unit = ReadUnit(raw);
        raw = raw[6..];
        if (!char.IsSurrogate(unit))
        {
            rune = new Rune(unit);
            return true;
        }
        if (!raw.StartsWith("\\u"u8) || !Rune.TryCreate(unit, ReadUnit(raw), out rune))
        {
            rune = default;
            return false;
        }
        raw = raw[6..];
        return true;
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static void AppendRune(Rune rune, PooledBuffer output, bool escape)
    {
        if (escape && (rune.Value < 0x20 || rune.Value is '"' or '\\'))
        {
            output.Append((byte)'\\');
            var letter = rune.Value switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\f' => 'f', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => 'u' };
            output.Append((byte)letter);
            if (letter != 'u') return;
            output.Append("00"u8);
            output.Append((byte)(rune.Value < 0x10 ? '0' : '1'));
            output.Append("0123456789abcdef"u8[rune.Value & 0xF]);
            return;
        }
        Span<byte> utf8 = stackalloc byte[4];
        output.Append(utf8[..rune.EncodeToUtf8(utf8)]);
    }
}
