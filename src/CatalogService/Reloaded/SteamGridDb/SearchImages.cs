using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Reloaded.Games;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>
/// <c>GET /api/steamgriddb/search/{kind}/{gameId}</c>: pictures of a game in sizes that launchers can use, from SteamGridDB. The game is one of the hub's, or digits: a number of SteamGridDB. An answer may be a day old, and older while
/// SteamGridDB cannot be asked. 404 when there is no such picture. Errors: <c>invalid_nsfw</c>, <c>invalid_humor</c>, <c>invalid_epilepsy</c>, <c>invalid_include_logos</c>, <c>invalid_include_grids</c>,
/// <c>invalid_include_icons</c>, <c>invalid_format</c> 400; <c>steamgriddb_not_configured</c>, <c>unavailable</c> 503.
/// </summary>
internal static class SearchImages
{
    private const string GameSql = "SELECT steam_grid_db_id FROM reloaded_games WHERE id = $1";

    private static readonly ReloadedError NoneFound = new(StatusCodes.Status404NotFound, "No matching assets");

    public static void Map(RouteGroupBuilder search)
    {
        Map(search, "icon", "SearchIcons", ImageKind.Icon, ImageCategory.Logos, ImageCategory.Grids);
        Map(search, "banner-square", "SearchSquareBanners", ImageKind.SquareBanner, ImageCategory.Logos, ImageCategory.Icons);
        Map(search, "banner-horizontal", "SearchHorizontalBanners", ImageKind.HorizontalBanner);
        Map(search, "banner-vertical", "SearchVerticalBanners", ImageKind.VerticalBanner);
    }

    private static void Map(RouteGroupBuilder search, string name, string operation, ImageKind kind, params ImageCategory[] others)
    {
        var route = search.MapRead($"/{name}/{{gameId}}", (string gameId, HttpRequest request, ImageSearch services, CancellationToken stop) => HandleAsync(gameId, kind, others, request, services, stop))
            .WithName(operation);
        foreach (var other in others) route.TakesQuery($"include{other}", $"Whether pictures of the category {other.ToString().ToLowerInvariant()} are answered too.", new { type = "boolean", @default = false }, code: $"invalid_include_{other.ToString().ToLowerInvariant()}");
        foreach (var filter in (string[])["nsfw", "humor", "epilepsy"]) route.TakesChoice(filter, "Pictures without it, only those with it, or any.", ["true", "false", "any"], "false");
    }

    private static async Task<Results<Ok<List<GameImage>>, ReloadedError>> HandleAsync(
        string gameId, ImageKind kind, ImageCategory[] others, HttpRequest request, ImageSearch services, CancellationToken stop)
    {
        if (!TryRead(request.Query, others, out var filter, out var error)) return (ReloadedError)error!;
        if (string.IsNullOrEmpty(services.Options.Value.ApiKey))
            return new ReloadedError(StatusCodes.Status503ServiceUnavailable, "this hub has no key for SteamGridDB; its operator can set Reloaded:SteamGridDb:ApiKey", ReloadedErrors.SteamGridDbNotConfigured);
        if (await NumberAsync(gameId, services.Db, stop) is not { } number) return NoneFound;

        var found = await Task.WhenAll(filter.Categories(kind).Select(category => services.Images.FindAsync(category, number, stop)));
        if (Array.Exists(found, images => images is null)) return (ReloadedError)ApiError.Unavailable("SteamGridDB");
        var images = found.SelectMany(images => images!).Where(image => kind.Suits(image) && filter.Admits(image)).Select(image => image.Image).ToList();
        return images.Count > 0 ? TypedResults.Ok(images) : NoneFound;
    }

    /// <summary>The game's number at SteamGridDB; null when it has none, or is not known.</summary>
    private static async Task<uint?> NumberAsync(string gameId, NpgsqlDataSource db, CancellationToken stop)
    {
        if (gameId.All(char.IsAsciiDigit)) return uint.TryParse(gameId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return GameKey.IsValid(gameId) ? await db.FirstAsync(GameSql, row => row.IsDBNull(0) ? null : (uint?)row.GetInt64(0), stop, GameKey.Of(gameId)) : null;
    }

    private static bool TryRead(IQueryCollection query, ImageCategory[] others, out Filter filter, out ApiError? error)
    {
        ApiError? problem = null;
        filter = new Filter(
            TriState("nsfw"), TriState("humor"), TriState("epilepsy"), [.. others.Where(other => Flag($"include{other}"))]);
        error = problem;
        return error is null;

        bool? TriState(string name)
        {
            if (!query.TryGetValue(name, out var values)) return false;
            if (values is not ["true" or "false" or "any"]) problem ??= ApiError.Invalid(name, "true, false or any");
            return values.Count == 1 && values[0] == "any" ? null : values.Count == 1 && values[0] == "true";
        }

        bool Flag(string name)
        {
            if (!query.TryGetValue(name, out var values)) return false;
            if (values is not ["true" or "false"]) problem ??= ApiError.Invalid(name, "true or false");
            return values.Count == 1 && values[0] == "true";
        }
    }

    /// <summary>Which pictures a request wants; null: with or without.</summary>
    private sealed record Filter(bool? Nsfw, bool? Humor, bool? Epilepsy, ImageCategory[] Others)
    {
        public IEnumerable<ImageCategory> Categories(ImageKind kind) => [kind.Main, .. Others];

        public bool Admits(FoundImage image) =>
            (Nsfw ?? image.Image.Nsfw) == image.Image.Nsfw && (Humor ?? image.Image.Humor) == image.Image.Humor && (Epilepsy ?? image.Epilepsy) == image.Epilepsy;
    }
}

/// <summary>What a search needs.</summary>
internal sealed class ImageSearch(ImageCache images, NpgsqlDataSource db, IOptions<SteamGridDbOptions> options)
{
    public ImageCache Images => images;

    public NpgsqlDataSource Db => db;

    public IOptions<SteamGridDbOptions> Options => options;
}
