namespace PackRelay.CatalogService.Games;

/// <summary>The hub's games.</summary>
internal static class GamesFeature
{
    public static IServiceCollection AddGames(this IServiceCollection services)
    {
        services.AddOptions<GameOptions>().BindConfiguration("Catalog").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<GameRules>();
    }
}
