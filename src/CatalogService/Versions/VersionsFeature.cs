using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Versions;

/// <summary>Signed versions of packs: publishing, reading and withdrawing.</summary>
internal static class VersionsFeature
{
    public static IServiceCollection AddVersions(this IServiceCollection services)
    {
        services.AddOptions<ManifestOptions>().BindConfiguration("Catalog:Manifests").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<ManifestIntake>()
            .AddSingleton<PublishChecks>()
            .AddSingleton<NewVersions>()
            .AddSingleton<Withdrawals>();
    }

    public static void MapVersions(this IEndpointRouteBuilder app)
    {
        var versions = app.MapGroup("/api/v1/packs/{slug}/versions");
        ListVersions.Map(versions);
        PublishVersion.Map(versions).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        WithdrawVersion.Map(versions);
        GetManifest.Map(app.MapGroup("/api/v1/packs"));
    }
}
