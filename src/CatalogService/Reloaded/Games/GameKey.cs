using System.Buffers;

namespace PackRelay.CatalogService.Reloaded.Games;

/// <summary>What a game may be called. Clients spell ids as they like; the hub keeps one spelling, and finds it by the lower-case one.</summary>
internal static class GameKey
{
    public const string Rule = "1 to 100 of A-Z, a-z, 0-9, dot, hyphen and underscore, beginning with a letter or digit, not digits alone";

    private const int MaxLength = 100;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static string Of(string gameId) => gameId.ToLowerInvariant();

    /// <summary>Digits alone are ids of SteamGridDB where pictures are looked for.</summary>
    public static bool IsValid(string gameId) =>
        gameId.Length is >= 1 and <= MaxLength && !gameId.AsSpan().ContainsAnyExcept(Letters) && char.IsAsciiLetterOrDigit(gameId[0]) && !gameId.All(char.IsAsciiDigit);
}
