using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>Asks SteamGridDB (its API v2). One game's pictures of one category at a time, all of them: what is filtered out here for one is answered to another.</summary>
internal sealed class SteamGridDbClient(HttpClient http, IOptions<SteamGridDbOptions> options)
{
    /// <summary>Pages of 50; few games have as many pictures of one category and these sizes.</summary>
    private const int MaxPages = 4;

    private const int MaxTextLength = 2048;

    // Each picture at least as big as the smallest that suits; logos have no sizes to ask for.
    private static readonly Dictionary<ImageCategory, string> Queries = new()
    {
        [ImageCategory.Grids] = "&dimensions=512x512,1024x1024,460x215,920x430,600x900",
        [ImageCategory.Icons] = "&dimensions=256,512,768,1024",
        [ImageCategory.Logos] = "",
    };

    /// <summary>The pictures, best score first as they came; none for a game that is not there, or that it refuses to look for.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, refuses, or answers something else than its API does.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public async Task<List<FoundImage>> FindAsync(ImageCategory category, uint gameId, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Value.Timeout); // for all pages together
        var images = new List<FoundImage>();
        for (var page = 0; page < MaxPages; page++)
        {
            var (found, isLast) = await PageAsync(category, gameId, page, patience.Token);
            images.AddRange(found);
            if (isLast) break;
        }

        return images;
    }

    private async Task<(List<FoundImage> Images, bool IsLast)> PageAsync(ImageCategory category, uint gameId, int page, CancellationToken stop)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture, $"{category.ToString().ToLowerInvariant()}/game/{gameId}?nsfw=any&humor=any&epilepsy=any&types=static{Queries[category]}&limit=50&page={page}");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Value.BaseUrl, path));
        request.Headers.Authorization = new("Bearer", options.Value.ApiKey);
        using var response = await http.SendAsync(request, stop); // no more than the client's limit is read
        if (IsAboutTheGame(response.StatusCode)) return ([], true);
        if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"SteamGridDB answered {(int)response.StatusCode}.", inner: null, response.StatusCode);
        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(stop));
            return Read(answer.RootElement, page);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new HttpRequestException("SteamGridDB answered something else than its API does.", error);
        }
    }

    /// <summary>Refusals that other games may not share. The rest are about the key, or about how much was asked, or say to come back.</summary>
    private static bool IsAboutTheGame(HttpStatusCode status) => (int)status is >= 400 and < 500
        && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static (List<FoundImage> Images, bool IsLast) Read(JsonElement answer, int page)
    {
        if (!answer.GetProperty("success").GetBoolean()) throw new FormatException("success is false");
        var data = answer.GetProperty("data");
        var images = new List<FoundImage>(data.GetArrayLength());
        foreach (var item in data.EnumerateArray())
            if (ReadImage(item) is { } image) images.Add(image);
        var total = answer.TryGetProperty("total", out var all) ? all.GetInt32() : 0;
        var limit = answer.TryGetProperty("limit", out var perPage) ? perPage.GetInt32() : 0;
        return (images, data.GetArrayLength() == 0 || total <= (page + 1) * limit);
    }

    /// <summary>A picture; null without an address that clients may load.</summary>
    private static FoundImage? ReadImage(JsonElement item)
    {
        var url = Text(item, "url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")) return null;
        var author = item.TryGetProperty("author", out var person) && person.ValueKind == JsonValueKind.Object ? person : default;
        var image = new GameImage(
            url, Number(item, "score"), Flag(item, "nsfw"), Flag(item, "humor"), Number(item, "upvotes"), Number(item, "downvotes"), Text(author, "name"), Text(author, "avatar"));
        return new FoundImage(image, Number(item, "width"), Number(item, "height"), Flag(item, "epilepsy"));
    }

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxTextLength } text ? text : "";

    private static int Number(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static bool Flag(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
