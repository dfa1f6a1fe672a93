using System.Buffers;
using System.Globalization;
using System.Text;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>
/// What clients store in the place of a package id: XXH3-64 of its UTF-8 bytes, written as 16 lower-case hex digits, most significant first. (The dialect's document says little endian; its examples say
/// this.) The database has the same 64 bits as a signed number.
/// </summary>
internal static class PackageHash
{
    public const string Rule = "16 hex digits";

    private const int Digits = 16;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    public static ulong Of(string packageId) => Libxxhash.Xxh3(Encoding.UTF8.GetBytes(packageId));

    public static string Text(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The hash as a column of the database has it.</summary>
    public static long Column(ulong hash) => unchecked((long)hash);

    /// <summary>What a column of the database has, as a hash.</summary>
    public static ulong FromColumn(long column) => unchecked((ulong)column);

    public static bool TryParse(string text, out ulong hash)
    {
        hash = 0;
        return text.Length == Digits && !text.AsSpan().ContainsAnyExcept(Hex) && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash);
    }
}
