using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Http.Paging;

/// <summary>Which part of a list a request asks for, from the query parameters <c>limit</c>, <c>cursor</c> and <c>offset</c>.</summary>
/// <param name="Limit">Most items to answer with: 1 to 100, default 24; more than 100 counts as 100.</param>
/// <param name="Cursor">The opaque place to go on from; it wins over an offset. Null for the beginning.</param>
/// <param name="Offset">Items to skip, 0 to 10,000; null when the request pages by cursor.</param>
public sealed record PageRequest(int Limit, string? Cursor, int? Offset)
{
    /// <summary>Most items of a page.</summary>
    public const int MaxLimit = 100;

    /// <summary>Items of a page when the request does not say.</summary>
    public const int DefaultLimit = 24;

    /// <summary>Deepest offset. Further down a list a cursor costs the same as at its top, an offset does not.</summary>
    public const int MaxOffset = 10_000;

    /// <summary>Reads the three parameters. False: one is wrong, and <paramref name="error"/> is 400 <c>invalid_limit</c>, <c>invalid_offset</c> or <c>invalid_cursor</c>.</summary>
    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out PageRequest? page, [NotNullWhen(false)] out ApiError? error)
    {
        (page, error) = (null, null);
        var limit = DefaultLimit;
        int? offset = null;
        if (query.TryGetValue("limit", out var limitText) && !TryReadNumber(limitText, minimum: 1, out limit))
            error = ApiError.Invalid("limit", $"a whole number from 1 to {MaxLimit}");
        else if (query.TryGetValue("cursor", out var cursor) && (cursor.Count != 1 || cursor[0] is null or ""))
            error = InvalidCursor();
        else if (query.TryGetValue("offset", out var offsetText))
        {
            if (!TryReadNumber(offsetText, minimum: 0, out var number) || number > MaxOffset)
                error = ApiError.Invalid("offset", $"a whole number from 0 to {MaxOffset}; beyond that follow nextCursor");
            else offset = number;
        }

        if (error is not null) return false;
        var place = query["cursor"].ToString();
        page = place.Length > 0 ? new PageRequest(Math.Min(limit, MaxLimit), place, Offset: null) : new PageRequest(Math.Min(limit, MaxLimit), Cursor: null, offset);
        return true;
    }

    /// <summary>400 <c>invalid_cursor</c>.</summary>
    public static ApiError InvalidCursor() => ApiError.Invalid("cursor", "send back nextCursor unchanged, with the same filters and the same sort");

    private static bool TryReadNumber(Microsoft.Extensions.Primitives.StringValues values, int minimum, out int number)
    {
        number = 0;
        if (values.Count != 1 || values[0] is not { Length: > 0 and <= 30 } text || !text.All(char.IsAsciiDigit)) return false;
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : int.MaxValue; // 99999999999 is a number over every limit
        return number >= minimum;
    }
}
