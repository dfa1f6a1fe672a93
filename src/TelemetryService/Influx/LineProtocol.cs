using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PackRelay.TelemetryService.Influx;

/// <summary>
/// Writes points in InfluxDB's line protocol: <c>measurement,tag=value field=1i,other=2.5 1700000000000000000</c>. A backslash goes before
/// what has a meaning there. A line break cannot be written at all and becomes a space; nor can a backslash at the end or before what has a meaning, where
/// it would be read as that: it becomes a slash. Elsewhere a backslash is itself.
/// </summary>
internal sealed class LineProtocol
{
    private readonly ArrayBufferWriter<byte> buffer = new(4096);

    private bool hasField;

    /// <summary>What was written; good until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    /// <summary>Begins anew, with the memory of before.</summary>
    public void Clear() => buffer.ResetWrittenCount();

    public LineProtocol Point(string measurement)
    {
        Escape(measurement, ", ");
        hasField = false;
        return this;
    }

    public LineProtocol Tag(string key, string value)
    {
        buffer.Write(","u8);
        Escape(key, ",= ");
        buffer.Write("="u8);
        Escape(value, ",= ");
        return this;
    }

    public LineProtocol Tag(string key, Guid value)
    {
        buffer.Write(","u8);
        Escape(key, ",= ");
        buffer.Write("="u8);
        value.TryFormat(buffer.GetSpan(36), out var written);
        buffer.Advance(written);
        return this;
    }

    /// <summary>A whole number; nothing at all when it is null.</summary>
    public LineProtocol Field(string key, long? value)
    {
        if (value is not { } number) return this;
        BeginField(key);
        var span = buffer.GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var written);
        buffer.Advance(written);
        buffer.Write("i"u8);
        return this;
    }

    /// <summary>A real number; nothing at all when it is null, not a number or infinite, which a series cannot hold.</summary>
    public LineProtocol Field(string key, double? value)
    {
        if (value is not { } number || !double.IsFinite(number)) return this;
        BeginField(key);
        var span = buffer.GetSpan(32);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        buffer.Advance(written);
        return this;
    }

    /// <summary>Ends the point with its time.</summary>
    public void At(long unixNanoseconds)
    {
        buffer.Write(" "u8);
        var span = buffer.GetSpan(20);
        Utf8Formatter.TryFormat(unixNanoseconds, span, out var written);
        buffer.Advance(written);
        buffer.Write("\n"u8);
    }

    private void BeginField(string key)
    {
        buffer.Write(hasField ? ","u8 : " "u8);
        hasField = true;
        Escape(key, ",= ");
        buffer.Write("="u8);
    }

    private void Escape(string text, string special)
    {
        if (text.AsSpan().IndexOfAny(special) < 0 && text.AsSpan().IndexOfAny("\\\r\n") < 0)
        {
            Encoding.UTF8.GetBytes(text, buffer);
            return;
        }

        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i] is '\r' or '\n' ? ' ' : text[i];
            if (letter == '\\' && (i + 1 == text.Length || text[i + 1] is '\r' or '\n' || special.Contains(text[i + 1], StringComparison.Ordinal))) letter = '/';
            if (special.Contains(letter, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(letter);
        }

        Encoding.UTF8.GetBytes(escaped.ToString(), buffer);
    }
}
