using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.RateLimiting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the shared rate limiter.</summary>
public static class RateLimitingFeature
{
    /// <summary><see cref="SharedRateLimiter"/> and <see cref="RateLimitPolicies"/>; needs the Redis client.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<RateLimitPolicies>().AddSingleton<RateLimitMetrics>().AddSingleton<SharedRateLimiter>();
    }
}
