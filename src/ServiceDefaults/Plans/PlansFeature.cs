namespace PackRelay.CatalogService.Plans;

/// <summary>What accounts may have.</summary>
internal static class PlansFeature
{
    public static IServiceCollection AddPlans(this IServiceCollection services)
    {
        services.AddOptions<PlanOptions>().BindConfiguration("Plans").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
