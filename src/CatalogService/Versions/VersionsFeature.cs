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
            .AddSingleton<FileStates>()
            .AddSingleton<PublishChecks>()
            .AddSingleton<NewVersions>()
            .AddSingleton<HeldVersions>()
            .AddSingleton<VersionPages>()
            .AddSingleton<Withdrawals>();
    }

    public static void MapVersions(this IEndpointRouteBuilder app)
    {
        var versions = app.MapGroup("/api/v1/packs/{slug}/versions");
        ListVersions.Map(versions);
        GetVersion.Map(versions);
        EditVersion.Map(versions).RequireRole(Role.ServerOwner).RequireAnyScope(Scopes.PacksPublish, Scopes.PacksWrite);
        PublishVersion.Map(versions).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        WithdrawVersion.Map(versions);
        var packs = app.MapGroup("/api/v1/packs");
        GetManifest.Map(packs);
        DiffVersions.Map(packs);
        GetVersionMods.Map(app);
    }
}
