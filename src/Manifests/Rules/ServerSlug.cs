namespace PackRelay.Manifests.Rules;

/// <summary>The identity of a game server in URLs and in launchers' join links: 1 to 64 of a-z, 0-9 and hyphen.</summary>
public static class ServerSlug
{
    /// <summary>Most characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, to follow a field's name.</summary>
    public const string Rule = "must be 1 to 64 characters of a-z, 0-9 and hyphen";

    /// <summary>Whether <paramref name="text"/> is a server's slug.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => text.Length is >= 1 and <= MaxLength && text.HasOnly(AsciiRules.LowerAlphanumericOrHyphen);
}
