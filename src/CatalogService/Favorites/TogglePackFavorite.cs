using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Favorites;

/// <summary><c>POST /api/v1/packs/{slug}/favorite</c>: on when it was off, off when it was on. A body is not read.</summary>
internal static class TogglePackFavorite
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapPost("/api/v1/packs/{slug}/favorite", HandleAsync).WithName(nameof(TogglePackFavorite));

    private static async Task<Results<Ok<FavoriteState>, ApiError>> HandleAsync(
        string slug, Caller caller, PackAccess packs, FavoriteToggle favorites, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!caller.MayTouchPack(slug)) return ApiError.Forbidden($"the API token is not for the pack '{slug}'");
        return await favorites.PackAsync(pack.Id, caller.AccountId, stop) is { } state ? TypedResults.Ok(state) : PackErrors.NotFound(slug);
    }
}
