namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>A picture of a game, as SteamGridDB has it; who made it is named.</summary>
/// <param name="Url">Where the picture is.</param>
/// <param name="Score">How it was voted for.</param>
/// <param name="Nsfw">Whether it is not safe for work.</param>
/// <param name="Humor">Whether it is a joke.</param>
/// <param name="Upvotes">Votes for it.</param>
/// <param name="Downvotes">Votes against it.</param>
/// <param name="AuthorName">Who made it.</param>
/// <param name="AuthorAvatar">The author's picture.</param>
public sealed record GameImage(string Url, int Score, bool Nsfw, bool Humor, int Upvotes, int Downvotes, string AuthorName, string AuthorAvatar);

/// <summary>A picture with what decides whether it is answered; what the cache holds.</summary>
/// <param name="Image">The picture as it is answered.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Epilepsy">Whether it flashes.</param>
internal sealed record FoundImage(GameImage Image, int Width, int Height, bool Epilepsy);
