using System.Globalization;
using System.Text.RegularExpressions;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>
/// Error codes stand in the documentation of an operation and of its records beside their status: <c>`slug_taken` 409</c>, <c>`invalid_name`, `invalid_game` 400</c>
/// or <c>410 `withdrawn`</c>. This finds them there.
/// </summary>
internal static partial class DocumentedCodes
{
    /// <summary>Every code that a text names together with a status of 400 or more.</summary>
    public static IEnumerable<(int Status, string Code)> Find(string? text)
    {
        if (text is null) yield break;
        foreach (var pattern in (Regex[])[CodesThenStatus(), StatusThenCodes()])
        {
            foreach (var found in pattern.Matches(text).Cast<Match>())
            {
                foreach (var code in Code().Matches(found.Groups["codes"].Value).Cast<Match>())
                    yield return (int.Parse(found.Groups["status"].Value, CultureInfo.InvariantCulture), code.Groups["code"].Value);
            }

            text = pattern.Replace(text, "");
        }
    }

    [GeneratedRegex(@"(?<codes>(?:`[a-z][a-z0-9_]*`(?:, | and | or |, or |, and )?)+)(?: \([^)]*\))? (?<status>[45]\d\d)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CodesThenStatus();

    [GeneratedRegex(@"\b(?<status>[45]\d\d) (?<codes>(?:`[a-z][a-z0-9_]*`(?:, | and | or |, or |, and )?)+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex StatusThenCodes();

    [GeneratedRegex(@"`(?<code>[a-z][a-z0-9_]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Code();
}
