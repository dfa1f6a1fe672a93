using System.Buffers.Binary;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>Version 7 ids (RFC 9562) begin with their time, so that a primary key of them finds what is older than a moment.</summary>
public static class TimeOrderedIds
{
    /// <summary>The smallest id of a moment; of one before 1970 that of its beginning.</summary>
    public static Guid FirstAt(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, moment.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
