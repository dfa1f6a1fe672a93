using System.Text;

namespace PackRelay.CatalogService.Packs;

/// <summary>Makes a full-text query of what a person typed: all words, each as the beginning of one. Neither case nor accents matter.</summary>
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
    public static string ToQuery(string text) => string.Join(" & ", Words(text).Select(word => $"'{word}':*"));

    /// <summary>
    /// The words of the text that something may be similar to, the longest first. Shorter ones than three letters are like too much; without any
    /// word the list is empty, and nothing is similar.
    /// </summary>
    public static string[] SimilarWords(string text) =>
    [
        .. Words(text).Where(word => word.Length > 2).Distinct(StringComparer.Ordinal)
            .OrderByDescending(word => word.Length).ThenBy(word => word, StringComparer.Ordinal).Take(MaxSimilarWords),
    ];

    /// <summary>The words as the database stores them.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (PlainLetters.IsMark(rune)) continue;
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(PlainLetters.Of(rune));
                continue;
            }

            if (word.Length > 0) yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0) yield return word.ToString();
    }
}
