using System.Buffers;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>What a package may be called: <c>game.type[.subtype].name.author[.target]</c>, as a file's name on every system.</summary>
internal static class PackageId
{
    public const int MaxLength = 255;

    public const string Rule = "1 to 255 of a-z, 0-9, dot, hyphen, underscore and plus, in parts joined by single dots, that may be a file's name";

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_+");

    public static bool IsValid(string id) =>
        id.Length is >= 1 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Letters) && id[0] != '.' && !id.Contains("..", StringComparison.Ordinal)
        && ManifestPaths.Check(id, schemaVersion: 3) is null;

    /// <summary>The part before the first dot: the game, or <c>reloaded3</c>.</summary>
    public static string Prefix(string id) => id.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? id[..dot] : id;
}
