using System.Diagnostics.CodeAnalysis;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack.Ads;

/// <summary>What an ad says.</summary>
internal sealed record AdText(string Type, string Title, string Body)
{
    public const string Buy = "buy";

    public const string Sell = "sell";

    private const int MaxTitleLength = 200;

    private const int MaxBodyLength = 5_000; // a hundred words are some 600 characters

    /// <summary>Reads an ad of a request: 15 when something is missing or the type is none, 13 when title or body has too many words, or words that are none.</summary>
    public static bool TryRead(RailcraftFields fields, int maxWords, [NotNullWhen(true)] out AdText? ad, [NotNullWhen(false)] out RailcraftError? error)
    {
        ad = null;
        error = RailcraftError.VariableRequired();
        if (fields.Text("type") is not (Buy or Sell) || Clean(fields.Text("title")) is not { } title || Clean(fields.Text("body")) is not { } body) return false;
        error = RailcraftError.TooManyWords();
        if (title.Length > MaxTitleLength || body.Length > MaxBodyLength || Words(title) > maxWords || Words(body) > maxWords) return false;
        (ad, error) = (new AdText(fields.Text("type")!, title, body), null);
        return true;
    }

    /// <summary>Without blanks around it; null when nothing is left.</summary>
    private static string? Clean(string? text) => text?.Trim() is { Length: > 0 } clean ? clean : null;

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
