using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Frameworks;

/// <summary>Mod frameworks that packs run on.</summary>
internal static class FrameworksFeature
{
    public static IServiceCollection AddFrameworks(this IServiceCollection services) => services.AddSingleton<FrameworkQueries>();

    public static void MapFrameworks(this IEndpointRouteBuilder app)
    {
        var frameworks = app.MapGroup("/api/v1/frameworks");
        ListFrameworks.Map(frameworks);
        GetFramework.Map(frameworks);
        RegisterFramework.Map(frameworks).RequireRole(Role.Admin).RequireScope(Scopes.PacksPublish);
    }
}
