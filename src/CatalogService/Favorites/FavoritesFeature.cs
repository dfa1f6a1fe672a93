using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Favorites;

/// <summary>Packs and servers that accounts marked as favourites.</summary>
internal static class FavoritesFeature
{
    public static IServiceCollection AddFavorites(this IServiceCollection services) => services.AddSingleton<FavoriteToggle>();

    public static void MapFavorites(this IEndpointRouteBuilder app)
    {
        TogglePackFavorite.Map(app).RequireScope(Scopes.Favorites);
        ToggleServerFavorite.Map(app).RequireScope(Scopes.Favorites);
        ListMyFavorites.Map(app).RequireScope(Scopes.Favorites);
    }
}
