using System.Buffers.Text;
using System.Text;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>What the server answered to one command.</summary>
public enum RedisReplyKind
{
    /// <summary>Nothing: a missing key or an empty transaction.</summary>
    Null,

    /// <summary>A short status such as <c>OK</c>.</summary>
    Status,

    /// <summary>The server refused the command; see <see cref="RedisReply.ThrowIfError"/>.</summary>
    Error,

    /// <summary>A 64-bit whole number.</summary>
    Number,

    /// <summary>Bytes of any content.</summary>
    Bytes,

    /// <summary>A list of replies.</summary>
    Array,
}

/// <summary>One reply. Reading it as another kind than it is throws <see cref="RedisServerException"/> for an error, else <see cref="InvalidOperationException"/>.</summary>
public readonly struct RedisReply
{
    private readonly object? content; // byte[] for Status, Error and Bytes, RedisReply[] for Array
    private readonly long integer;

    private RedisReply(RedisReplyKind kind, object? content, long integer)
    {
        Kind = kind;
        this.content = content;
        this.integer = integer;
    }

    /// <summary>What it holds.</summary>
    public RedisReplyKind Kind { get; }

    /// <summary>True for a missing key, field or member.</summary>
    public bool IsNull => Kind == RedisReplyKind.Null;

    /// <summary>True when the server refused this command.</summary>
    public bool IsError => Kind == RedisReplyKind.Error;

    /// <summary>The whole number, also when the server sent it as text.</summary>
    public long AsInteger()
    {
        if (Kind == RedisReplyKind.Number)
            return integer;
        var bytes = Text();
        return Utf8Parser.TryParse(bytes, out long value, out var used) && used == bytes.Length ? value : throw Unexpected("a whole number");
    }

    /// <summary>The real number, which the server sends as text.</summary>
    public double AsDouble()
    {
        if (Kind == RedisReplyKind.Number)
            return integer;
        var bytes = Text();
        return Utf8Parser.TryParse(bytes, out double value, out var used) && used == bytes.Length ? value : throw Unexpected("a number");
    }

    /// <summary>The text (UTF-8), null when there is none; a whole number in decimal digits.</summary>
    public string? AsString() => Kind switch
    {
        RedisReplyKind.Null => null,
        RedisReplyKind.Number => integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Encoding.UTF8.GetString(Text()),
    };

    /// <summary>The bytes, null when there are none. The array belongs to the caller.</summary>
    public byte[]? AsBytes() => Kind == RedisReplyKind.Null ? null : Text();

    /// <summary>The elements; none for a null reply.</summary>
    public IReadOnlyList<RedisReply> AsArray() => Elements();

    /// <summary>Throws <see cref="RedisServerException"/> when the server refused the command.</summary>
    public void ThrowIfError()
    {
        if (IsError)
            throw new RedisServerException(Encoding.UTF8.GetString((byte[])content!));
    }

    /// <summary>For logs and debuggers: the kind, never the content, which may be a secret.</summary>
    public override string ToString() => $"Redis reply ({Kind})";

    internal static RedisReply Null => default;

    internal static RedisReply FromInteger(long value) => new(RedisReplyKind.Number, null, value);

    internal static RedisReply FromStatus(byte[] text) => new(RedisReplyKind.Status, text, 0);

    internal static RedisReply FromError(byte[] text) => new(RedisReplyKind.Error, text, 0);

    internal static RedisReply FromBytes(byte[] bytes) => new(RedisReplyKind.Bytes, bytes, 0);

    internal static RedisReply FromArray(RedisReply[] elements) => new(RedisReplyKind.Array, elements, 0);

    internal bool IsErrorStartingWith(ReadOnlySpan<byte> prefix) => IsError && ((byte[])content!).AsSpan().StartsWith(prefix);

    internal RedisReply[] Elements()
    {
        ThrowIfError();
        return Kind switch
        {
            RedisReplyKind.Array => (RedisReply[])content!,
            RedisReplyKind.Null => [],
            _ => throw Unexpected("an array"),
        };
    }

    private byte[] Text()
    {
        ThrowIfError();
        return Kind is RedisReplyKind.Status or RedisReplyKind.Bytes ? (byte[])content! : throw Unexpected("text");
    }

    private InvalidOperationException Unexpected(string wanted) => new($"The Redis reply holds {Kind}, not {wanted}.");
}
