namespace PackRelay.CatalogService.Stats;

/// <summary>What is told of the whole hub.</summary>
internal static class StatsFeature
{
    public static IServiceCollection AddStats(this IServiceCollection services)
    {
        services.AddOptions<StatsOptions>().BindConfiguration("Catalog:Stats").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<HubStats>().AddHostedService<HubStatsWorker>();
    }

    public static void MapStats(this IEndpointRouteBuilder app) => GetStats.Map(app);
}
