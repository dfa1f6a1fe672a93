using System.Buffers;

namespace PackRelay.Gateway.Edge;

/// <summary>
/// Tells targets that mean the same to every reader from those that do not. A path is decoded here and again in the service behind; a dot segment
/// or an encoded percent sign that survives the first reading could name another route at the second. No route needs any of these.
/// </summary>
internal static class RequestTarget
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create("%\\.#");

    private static readonly string[] Ambiguous = ["%25", "%2e", "%5c", "%00"]; // percent, dot, backslash, end of string

    public static bool IsPlain(ReadOnlySpan<char> target)
    {
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        if (path.IndexOfAny(Suspects) < 0) return true;

        if (path.ContainsAny('\\', '#')) return false;
        if (path.Contains('%') && HasAmbiguousEscape(path)) return false;

        foreach (var range in path.Split('/'))
        {
            if (path[range] is "." or "..") return false;
        }

        return true;
    }

    private static bool HasAmbiguousEscape(ReadOnlySpan<char> path)
    {
        foreach (var escape in Ambiguous)
        {
            if (path.Contains(escape, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
