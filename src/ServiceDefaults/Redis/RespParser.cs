using System.Buffers;
using System.Buffers.Text;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>
/// Reads replies from a byte stream that arrives in pieces. An unfinished array is remembered between calls,
/// so that a long one is read once and not again from its start with every piece.
/// </summary>
internal sealed class RespParser
{
    private const int MaximumDepth = 32; // deeper nesting is no reply of ours, and recursion by a peer must end somewhere
    private const int MaximumBulkBytes = 512 * 1024 * 1024; // Redis' own limit (proto-max-bulk-len)
    private const int MaximumLineBytes = 64 * 1024;
    private static readonly byte[] Ok = "OK"u8.ToArray();

    private readonly Stack<Frame> unfinished = new();

    /// <summary>Takes one whole reply off the front of the input; false when more bytes are needed. What was used is cut off either way.</summary>
    /// <exception cref="InvalidDataException">The bytes are not RESP: the connection cannot be trusted any longer.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input, out RedisReply reply)
    {
        var reader = new SequenceReader<byte>(input);
        try
        {
            while (TryReadElement(ref reader, out var element))
            {
                if (element is { } value && TryFinish(value, out reply))
                    return true;
            }

            reply = default;
            return false;
        }
        finally
        {
            input = reader.UnreadSequence;
        }
    }

    /// <summary>Puts a value into the array it belongs to; true when that made the outermost reply whole.</summary>
    private bool TryFinish(RedisReply value, out RedisReply reply)
    {
        while (unfinished.TryPeek(out var frame))
        {
            frame.Elements[frame.Count++] = value;
            if (frame.Count < frame.Elements.Length)
            {
                reply = default;
                return false;
            }

            value = RedisReply.FromArray(frame.Elements);
            unfinished.Pop();
        }

        reply = value;
        return true;
    }

    /// <summary>Reads a value, or the head of an array that has elements (then <paramref name="element"/> is null). Consumes nothing when it returns false.</summary>
    private bool TryReadElement(ref SequenceReader<byte> reader, out RedisReply? element)
    {
        element = null;
        var start = reader;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            if (reader.Remaining > MaximumLineBytes)
                throw new InvalidDataException("A line of the Redis reply is too long.");
            return false;
        }

        if (line.IsEmpty)
            throw new InvalidDataException("Redis sent an empty line.");
        var prefix = line.FirstSpan[0];
        var rest = line.Slice(1);
        switch (prefix)
        {
            case (byte)'+':
                element = RedisReply.FromStatus(rest.Length == 2 && rest.FirstSpan.StartsWith("OK"u8) ? Ok : rest.ToArray());
                return true;
            case (byte)'-':
                element = RedisReply.FromError(rest.ToArray());
                return true;
            case (byte)':':
                element = RedisReply.FromInteger(ReadNumber(rest));
                return true;
            case (byte)'$':
                if (TryReadBulk(ref reader, ReadNumber(rest), out element))
                    return true;
                reader = start;
                return false;
            case (byte)'*':
                element = BeginArray(ReadNumber(rest));
                return true;
            default:
                throw new InvalidDataException("Redis sent a reply of an unknown type.");
        }
    }

    private static bool TryReadBulk(ref SequenceReader<byte> reader, long length, out RedisReply? element)
    {
        element = null;
        if (length == -1)
        {
            element = RedisReply.Null;
            return true;
        }

        if (length is < 0 or > MaximumBulkBytes)
            throw new InvalidDataException("Redis sent a bulk string of an impossible length.");
        if (reader.Remaining < length + 2)
            return false;
        var bytes = new byte[length];
        reader.TryCopyTo(bytes);
        reader.Advance(length);
        if (!reader.IsNext("\r\n"u8, advancePast: true))
            throw new InvalidDataException("A bulk string of the Redis reply has no end.");
        element = RedisReply.FromBytes(bytes);
        return true;
    }

    private RedisReply? BeginArray(long length)
    {
        if (length == -1)
            return RedisReply.Null;
        if (length == 0)
            return RedisReply.FromArray([]);
        if (length is < 0 or > 16 * 1024 * 1024 || unfinished.Count == MaximumDepth)
            throw new InvalidDataException("Redis sent an array of an impossible length or depth.");
        unfinished.Push(new Frame((int)length));
        return null;
    }

    private static long ReadNumber(in ReadOnlySequence<byte> digits)
    {
        Span<byte> copy = stackalloc byte[20];
        if (digits.Length is > 0 and <= 20)
        {
            digits.CopyTo(copy);
            var text = copy[..(int)digits.Length];
            if (Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length)
                return value;
        }

        throw new InvalidDataException("Redis sent a number that is none.");
    }

    private sealed class Frame(int length)
    {
        public RedisReply[] Elements { get; } = new RedisReply[length];
        public int Count { get; set; }
    }
}
