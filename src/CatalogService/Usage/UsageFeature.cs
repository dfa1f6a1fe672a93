using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Usage;

/// <summary>What an account has of what its plan allows.</summary>
internal static class UsageFeature
{
    public static void MapUsage(this IEndpointRouteBuilder app) => GetUsage.Map(app).RequireAccount();
}
