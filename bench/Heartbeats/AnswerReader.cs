using System.Buffers.Text;

namespace PackRelay.Heartbeats;

/// <summary>Reads an HTTP/1.1 answer out of a buffer: status and body, by length or in chunks. No more than the benchmark needs, because it shares the processor with the hub.</summary>
internal static class AnswerReader
{
    /// <summary>False while the answer is not complete. The chunks of a chunked body are moved together in the buffer.</summary>
    /// <param name="buffer">All that was received.</param>
    /// <param name="status">The status code.</param>
    /// <param name="body">Where the body is.</param>
    /// <exception cref="InvalidDataException">It is not an HTTP/1.1 answer.</exception>
    public static bool TryRead(Span<byte> buffer, out int status, out Range body)
    {
        (status, body) = (0, default);
        var headEnd = buffer.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return false;
        var head = buffer[..(headEnd + 2)];
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out status, out _)) throw new InvalidDataException("Not an HTTP/1.1 answer.");

        var start = headEnd + 4;
        if (HeaderOf(head, "content-length: "u8, out var value))
        {
            if (!Utf8Parser.TryParse(value, out int length, out _)) throw new InvalidDataException("Content-Length is not a number.");
            body = start..(start + length);
            return buffer.Length >= start + length;
        }

        if (!HeaderOf(head, "transfer-encoding: "u8, out _))
        {
            body = start..start;
            return true;
        }

        return TryJoinChunks(buffer, start, join: false, out _) && TryJoinChunks(buffer, start, join: true, out body);
    }

    private static bool TryJoinChunks(Span<byte> buffer, int start, bool join, out Range body)
    {
        body = default;
        var (at, end) = (start, start);
        while (true)
        {
            var line = buffer[at..].IndexOf("\r\n"u8);
            if (line < 0) return false;
            if (!Utf8Parser.TryParse(buffer.Slice(at, line), out int size, out _, 'x')) throw new InvalidDataException("A chunk has no size.");
            at += line + 2;
            if (buffer.Length < at + size + 2) return false;
            if (join) buffer.Slice(at, size).CopyTo(buffer[end..]);
            end += size;
            at += size + 2;
            if (size > 0) continue;
            body = start..end;
            return true;
        }
    }

    /// <summary>Finds a header whatever the case of its name.</summary>
    private static bool HeaderOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var line = head.IndexOf("\r\n"u8) + 2; line < head.Length;)
        {
            var rest = head[line..];
            if (rest.Length >= name.Length && System.Text.Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                value = rest[name.Length..rest.IndexOf("\r\n"u8)];
                return true;
            }

            line += rest.IndexOf("\r\n"u8) + 2;
        }

        value = default;
        return false;
    }
}
