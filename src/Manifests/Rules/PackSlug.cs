namespace PackRelay.Manifests.Rules;

/// <summary>The identity of a pack in URLs and in <c>manifest.name</c>: 3 to 50 lower-case letters and digits, in words joined by single hyphens.</summary>
public static class PackSlug
{
    /// <summary>Fewest characters.</summary>
    public const int MinLength = 3;

    /// <summary>Most characters.</summary>
    public const int MaxLength = 50;

    /// <summary>The rule in words, to follow a field's name.</summary>
    public const string Rule = "must be 3 to 50 characters of a-z and 0-9, in words joined by single hyphens";

    /// <summary>Whether <paramref name="text"/> is a pack's slug.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is >= MinLength and <= MaxLength
        && text.HasOnly(AsciiRules.LowerAlphanumericOrHyphen)
        && text[0] != '-' && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal);
}
