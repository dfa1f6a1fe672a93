using System.Globalization;
using System.Text.Json;

namespace PackRelay.CatalogService.Tests.Reloaded.SteamGridDb;

/// <summary>Answers as SteamGridDB's API v2 documents them.</summary>
internal static class UpstreamAnswers
{
    public static string Page(params object[] items) => PageOf(items.Length, items);

    public static string PageOf(int total, params object[] items) => JsonSerializer.Serialize(new { success = true, page = 0, total, limit = 50, data = items });

    public static object Item(int id, int width, int height, bool nsfw = false, bool humor = false, bool epilepsy = false) => new
    {
        id,
        score = id * 10,
        style = "official",
        width,
        height,
        nsfw,
        humor,
        notes = (string?)null,
        mime = "image/png",
        language = "en",
        url = string.Create(CultureInfo.InvariantCulture, $"https://cdn2.example/{id}.png"),
        thumb = "https://cdn2.example/thumb.jpg",
        @lock = false,
        epilepsy,
        upvotes = 3,
        downvotes = 1,
        author = new { name = "JohnDoe", steam64 = "76561198000000000", avatar = "https://avatars.example/1.jpg" },
    };
}
