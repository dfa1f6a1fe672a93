using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Http.Paging;

/// <summary>Which part of a list a request asks for that runs by one key, newest first, and goes on by cursor alone: the key is the order and the cursor.</summary>
/// <param name="Limit">Most items to answer with.</param>
/// <param name="Before">Show what has a smaller key.</param>
public sealed record KeysetPage<TKey>(int Limit, TKey Before)
    where TKey : struct, IParsable<TKey>, IFormattable
{
    /// <summary>Rows to read: one more than is shown, to know whether there are others.</summary>
    public int Rows => Limit + 1;

    /// <summary>Takes the row too many off, and makes the cursor that leads on.</summary>
    public (bool HasMore, string? NextCursor) Cut<T>(List<T> rows, Func<T, TKey> keyOf, PageCursors cursors, string list)
    {
        if (rows.Count <= Limit) return (false, null);
        rows.RemoveRange(Limit, rows.Count - Limit);
        return (true, cursors.Write(list, [keyOf(rows[^1]).ToString(null, CultureInfo.InvariantCulture)]));
    }
}

/// <summary>Reads <see cref="KeysetPage{TKey}"/> from a query.</summary>
public static class KeysetPage
{
    /// <summary>
    /// Reads <c>limit</c> and <c>cursor</c>. False: one is wrong, and <paramref name="error"/> is 400. An offset is refused: it would be ignored otherwise, and the
    /// client would read the first page for ever.
    /// </summary>
    /// <param name="query">The request's query.</param>
    /// <param name="cursors">Reads the cursor.</param>
    /// <param name="list">The list's name for its cursors.</param>
    /// <param name="end">A key above all others: where a list without a cursor begins.</param>
    /// <param name="page">The part that is asked for.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryRead<TKey>(
        IQueryCollection query, PageCursors cursors, string list, TKey end, [NotNullWhen(true)] out KeysetPage<TKey>? page, [NotNullWhen(false)] out ApiError? error)
        where TKey : struct, IParsable<TKey>, IFormattable
    {
        page = null;
        if (!PageRequest.TryRead(query, out var request, out error)) return false;
        if (request.Offset is not null)
        {
            error = ApiError.Invalid("offset", "this list goes on by cursor only");
            return false;
        }

        if (request.Cursor is not null)
        {
            if (!cursors.TryRead(list, request.Cursor, out var place))
            {
                error = PageRequest.InvalidCursor();
                return false;
            }

            end = TKey.Parse(place[0], CultureInfo.InvariantCulture);
        }

        page = new KeysetPage<TKey>(request.Limit, end);
        return true;
    }
}
