using System.Diagnostics.CodeAnalysis;

namespace PackRelay.Manifests.Rules;

/// <summary>The name of a publisher's signing key, <c>publisher/key-name</c>; at most 64 characters on either side of the slash.</summary>
/// <param name="Publisher">a-z, 0-9, dot and hyphen: a user name or a domain.</param>
/// <param name="Name">a-z, 0-9 and hyphen.</param>
public readonly record struct KeyId(string Publisher, string Name)
{
    /// <summary>Most characters of either part.</summary>
    public const int MaxPartLength = 64;

    /// <summary>The rule in words, to follow a field's name.</summary>
    public const string Rule = "must be publisher/key-name: a-z, 0-9, dot and hyphen, a slash, then a-z, 0-9 and hyphen; at most 64 characters each";

    /// <summary>Whether <paramref name="name"/> may stand behind the slash.</summary>
    public static bool IsValidName(ReadOnlySpan<char> name) => name.Length is >= 1 and <= MaxPartLength && name.HasOnly(AsciiRules.LowerAlphanumericOrHyphen);

    /// <summary>Takes a key id apart. The slash is a plain one: unescape <c>%2F</c> first.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId keyId)
    {
        keyId = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (text is null || slash is < 1 or > MaxPartLength) return false;
        if (!text.AsSpan(0, slash).HasOnly(AsciiRules.LowerAlphanumericHyphenOrDot) || !IsValidName(text.AsSpan(slash + 1))) return false;
        keyId = new KeyId(text[..slash], text[(slash + 1)..]);
        return true;
    }

    /// <summary><c>publisher/key-name</c>.</summary>
    public override string ToString() => $"{Publisher}/{Name}";
}
