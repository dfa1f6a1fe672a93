using System.Globalization;
using System.Security;
using System.Text;

namespace PackRelay.CatalogService.Badges;

/// <summary>Draws a badge: a grey label and a coloured value on one line.</summary>
internal static class Badge
{
    public const string Green = "#2e7d32";

    public const string Blue = "#1565c0";

    public const string Grey = "#757575";

    private const int MostCharacters = 60; // of each half; a name may have 200

    private const int PaddingPixels = 7; // on either side of a text

    /// <summary>The badge as SVG.</summary>
    /// <param name="label">What it is about, such as a name: any text.</param>
    /// <param name="value">What it says.</param>
    /// <param name="colour">Behind the value; one of the constants.</param>
    public static string Draw(string label, string value, string colour)
    {
        (label, value) = (Shorten(label), Shorten(value));
        var (left, right) = (WidthOf(label), WidthOf(value));
        var (title, name, text) = (Escape($"{label}: {value}"), Escape(label), Escape(value));
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">
            <title>{title}</title>
            <clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>
            <g clip-path="url(#r)"><rect width="{left}" height="20" fill="#424242"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
            <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="{left / 2.0}" y="14" textLength="{left - (2 * PaddingPixels)}">{name}</text><text x="{left + (right / 2.0)}" y="14" textLength="{right - (2 * PaddingPixels)}">{text}</text></g>
            </svg>
            """);
    }

    /// <summary>A count for people: 999, 1.2k, 34k, 5.6M.</summary>
    public static string Count(long count) => count switch
    {
        < 1_000 => count.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => Scaled(count / 1_000.0, "k"),
        _ => Scaled(count / 1_000_000.0, "M"),
    };

    private static string Scaled(double number, string unit) => (number < 10 ? Math.Floor(number * 10) / 10 : Math.Floor(number)).ToString("0.#", CultureInfo.InvariantCulture) + unit;

    /// <summary>Text as XML holds it: what has a meaning there is escaped, what may not stand there at all is left out.</summary>
    private static string Escape(string text)
    {
        var allowed = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is >= 0x20 and not 0xFFFE and not 0xFFFF) allowed.Append(rune.ToString());
        return SecurityElement.Escape(allowed.ToString())!;
    }

    private static string Shorten(string text)
    {
        var elements = new StringInfo(text);
        return elements.LengthInTextElements <= MostCharacters ? text : elements.SubstringByTextElements(0, MostCharacters - 1) + "…";
    }

    /// <summary>The font is the reader's, so that the width can only be guessed; <c>textLength</c> makes the text fit it.</summary>
    private static int WidthOf(string text)
    {
        var width = 2.0 * PaddingPixels;
        foreach (var rune in text.EnumerateRunes())
        {
            width += rune.Value switch
            {
                'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 3.6,
                'f' or 't' or 'r' or ' ' or '/' or '(' or ')' => 4.6,
                'm' or 'w' or 'M' or 'W' or '@' or '%' => 10.0,
                < 0x1100 => 7.0,
                _ => 12.0, // wide scripts and pictures
            };
        }

        return (int)Math.Ceiling(width);
    }
}
