using System.Text;

namespace PackRelay.CatalogService.Packs;

/// <summary>Makes a full-text query of what a person typed: all words, each as the beginning of one.</summary>
internal static class PackSearch
{
    /// <summary>Most characters of <c>q</c>.</summary>
    public const int MaxLength = 200;

    /// <summary>
    /// Postgres' query syntax for the text. Only letters and digits get into it, so whatever was typed it is never a syntax error;
    /// without any it is empty, which matches nothing.
    /// </summary>
    public static string ToQuery(string text)
    {
        var query = new StringBuilder();
        var isInWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var belongs = Rune.IsLetterOrDigit(rune);
            if (belongs && !isInWord) query.Append(query.Length > 0 ? " & '" : "'");
            if (belongs) query.Append(Rune.ToLowerInvariant(rune).ToString());
            if (!belongs && isInWord) query.Append("':*");
            isInWord = belongs;
        }

        return isInWord ? query.Append("':*").ToString() : query.ToString();
    }
}
