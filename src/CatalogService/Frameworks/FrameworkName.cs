using System.Buffers;

namespace PackRelay.CatalogService.Frameworks;

/// <summary>What a framework and its versions may be called, so that their names are good in URLs.</summary>
internal static class FrameworkName
{
    public const string IdRule = "1 to 100 of A-Z, a-z, 0-9, dot, hyphen and underscore, beginning with a letter or digit";

    public const string VersionRule = "1 to 64 of A-Z, a-z, 0-9, dot, hyphen, underscore and plus, beginning with a letter or digit";

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> VersionLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+");

    public static bool IsId(string id) => id.Length is >= 1 and <= 100 && !id.AsSpan().ContainsAnyExcept(IdLetters) && char.IsAsciiLetterOrDigit(id[0]);

    public static bool IsVersion(string version) => version.Length is >= 1 and <= 64 && !version.AsSpan().ContainsAnyExcept(VersionLetters) && char.IsAsciiLetterOrDigit(version[0]);
}
