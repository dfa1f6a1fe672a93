using System.Text;

namespace PackRelay.CatalogService.Packs;

/// <summary>Makes a full-text query of what a person typed: all words, each as the beginning of one.</summary>
internal static class PackSearch
{
    /// <summary>Most characters of <c>q</c>.</summary>
    public const int MaxLength = 200;

    /// <summary>Most words that are looked for by similarity; each costs.</summary>
    private const int MaxSimilarWords = 5;

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

    /// <summary>
    /// The words of the text that something may be similar to, the longest first. Shorter ones than three letters are like too much; without any
    /// word the list is empty, and nothing is similar.
    /// </summary>
    public static string[] SimilarWords(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Append(new Rune(' ')))
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            if (word.Length > 2) words.Add(word.ToString());
            word.Clear();
        }

        return [.. words.Distinct(StringComparer.Ordinal).OrderByDescending(found => found.Length).ThenBy(found => found, StringComparer.Ordinal).Take(MaxSimilarWords)];
    }
}
