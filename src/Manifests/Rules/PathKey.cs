using System.Globalization;
using System.Text;

namespace PackRelay.Manifests.Rules;

/// <summary>
/// Folds a path to a key that is equal for paths which some file system takes for one: those that differ in case (Windows, macOS) or in
/// Unicode normalisation (macOS). The framework's own normalisation does nothing in invariant-globalisation mode, hence the table.
/// </summary>
internal static class PathKey
{
    /// <summary>Stands for the slash. It sorts before every character a path may have, so that a folder's files follow directly behind its name.</summary>
    public const char Separator = '\u0001';

    private static readonly Lazy<Dictionary<int, string>> Decompositions = new(Load);

    public static string Of(string path) => Ascii.IsValid(path)
        ? path.ToUpperInvariant().Replace('/', Separator)
        : Decompose(path).ToUpperInvariant().Replace('/', Separator);

    /// <summary>
    /// Canonical decomposition with every run of combining marks sorted by code point. Unicode sorts by combining class and leaves marks of one class alone;
    /// the coarser order needs no second table and can only call two paths twins that no eye tells apart.
    /// </summary>
    internal static string Decompose(string text)
    {
        var runes = new List<Rune>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) AddDecomposed(rune, runes);
        for (var start = 0; start < runes.Count; start++)
        {
            var end = start;
            while (end < runes.Count && IsMark(runes[end])) end++;
            if (end - start > 1) runes.Sort(start, end - start, comparer: null);
            if (end > start) start = end - 1;
        }
        var result = new StringBuilder(text.Length + 8);
        foreach (var rune in runes) result.Append(rune.ToString());
        return result.ToString();
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static void AddDecomposed(Rune rune, List<Rune> output)
    {
        // Hangul syllables decompose by arithmetic (The Unicode Standard, 3.12): 28 final consonants, 21 vowels.
        const int syllables = 0xAC00, lastSyllable = 0xD7A3, leads = 0x1100, vowels = 0x1161, tails = 0x11A7, tailCount = 28, vowelCount = 21;
        if (rune.Value is >= syllables and <= lastSyllable)
        {
            var index = rune.Value - syllables;
            output.Add(new Rune(leads + (index / (vowelCount * tailCount))));
            output.Add(new Rune(vowels + (index / tailCount % vowelCount)));
            if (index % tailCount != 0) output.Add(new Rune(tails + (index % tailCount)));
            return;
        }
        if (rune.IsAscii || !Decompositions.Value.TryGetValue(rune.Value, out var parts)) output.Add(rune);
        else foreach (var part in parts.EnumerateRunes()) output.Add(part);
    }

    /// <summary>Reads the embedded table: one code point and its full canonical decomposition (Unicode 17) per line, in hexadecimal.</summary>
    private static Dictionary<int, string> Load()
    {
        using var stream = typeof(PathKey).Assembly.GetManifestResourceStream("canonical-decompositions.txt")
            ?? throw new InvalidOperationException("The table of canonical decompositions is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var table = new Dictionary<int, string>(2100);
        while (reader.ReadLine() is { } line)
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            var parts = line[(at + 1)..].Split(' ').Select(hex => char.ConvertFromUtf32(ParseHex(hex)));
            table.Add(ParseHex(line[..at]), string.Concat(parts));
        }
        return table;
    }

    private static int ParseHex(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
