using Microsoft.Extensions.DependencyInjection;

namespace PackRelay.ServiceDefaults.Plans;

/// <summary>What accounts may have.</summary>
public static class PlansFeature
{
    /// <summary>Registers <see cref="PlanOptions"/>, checked at start.</summary>
    public static IServiceCollection AddPlans(this IServiceCollection services)
    {
        services.AddOptions<PlanOptions>().BindConfiguration("Plans").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
