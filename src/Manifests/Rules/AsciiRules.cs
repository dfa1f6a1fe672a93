using System.Buffers;

namespace PackRelay.Manifests.Rules;

/// <summary>The alphabets that names are made of. All checks are on ASCII: no culture, no look-alike letters.</summary>
internal static class AsciiRules
{
    public static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    public static readonly SearchValues<char> LowerAlphanumericOrHyphen = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    public static readonly SearchValues<char> LowerAlphanumericHyphenOrDot = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");
    public static readonly SearchValues<char> SourceIdTail = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    public static bool HasOnly(this ReadOnlySpan<char> text, SearchValues<char> allowed) => !text.ContainsAnyExcept(allowed);
}
