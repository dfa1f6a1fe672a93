namespace PackRelay.Manifests.Rules;

/// <summary>SHA-256 as manifests and URLs spell it: exactly 64 lower-case hexadecimal digits.</summary>
public static class Sha256Hex
{
    /// <summary>Characters of a hash.</summary>
    public const int Length = 64;

    /// <summary>The rule in words, to follow a field's name.</summary>
    public const string Rule = "must be 64 lower-case hexadecimal digits";

    /// <summary>Whether <paramref name="text"/> is spelled as a SHA-256. Capital letters are refused: one file has one address.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => text.Length == Length && text.HasOnly(AsciiRules.LowerHex);
}
