using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http.Paging;

namespace PackRelay.IdentityService.Paging;

/// <summary>Which part of a list that runs by its ids, newest first: version 7 ids grow with time, so that the id alone is the order and the cursor.</summary>
/// <param name="Limit">Most items to answer with.</param>
/// <param name="Before">Show what has a smaller id.</param>
internal sealed record IdPage(int Limit, Guid Before)
{
    /// <summary>Rows to read: one more than is shown, to know whether there are others.</summary>
    public int Rows => Limit + 1;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>. An offset is refused: it would be ignored otherwise, and the client would read the first page for ever.</summary>
    public static bool TryRead(
        IQueryCollection query, PageCursors cursors, string list, [NotNullWhen(true)] out IdPage? page, [NotNullWhen(false)] out ApiError? error)
    {
        page = null;
        if (!PageRequest.TryRead(query, out var request, out error)) return false;
        if (request.Offset is not null)
        {
            error = ApiError.Invalid("offset", "this list goes on by cursor only");
            return false;
        }

        var before = Guid.AllBitsSet;
        if (request.Cursor is not null)
        {
            if (!cursors.TryRead(list, request.Cursor, out var place))
            {
                error = PageRequest.InvalidCursor();
                return false;
            }

            before = Guid.Parse(place[0]);
        }

        page = new IdPage(request.Limit, before);
        return true;
    }

    /// <summary>Takes the row too many off, and makes the cursor that leads on.</summary>
    public (bool HasMore, string? NextCursor) Cut<T>(List<T> rows, Func<T, Guid> idOf, PageCursors cursors, string list)
    {
        if (rows.Count <= Limit) return (false, null);
        rows.RemoveRange(Limit, rows.Count - Limit);
        return (true, cursors.Write(list, [idOf(rows[^1]).ToString()]));
    }

    /// <summary>The smallest version 7 id of a moment.</summary>
    public static Guid FirstIdAt(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, moment.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
