using System.Text.RegularExpressions;

namespace PackRelay.LocalHosting.Running;

/// <summary>Projects are asked for coloured output; files and the page want plain text.</summary>
internal static partial class AnsiCodes
{
    public static string Strip(string text) => text.Contains('\e') ? Codes().Replace(text, "") : text;

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Codes();
}
