using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Packs;

/// <summary>Packs: their pages and the list of them.</summary>
internal static class PacksFeature
{
    public static IServiceCollection AddPacks(this IServiceCollection services) => services
        .AddSingleton<PageReader>()
        .AddSingleton<PackAccess>()
        .AddSingleton<PackPages>()
        .AddSingleton<PackEdits>()
        .AddSingleton<RemovedPacks>()
        .AddSingleton<NewPacks>();

    public static void MapPacks(this IEndpointRouteBuilder app)
    {
        var packs = app.MapGroup("/api/v1/packs");
        ListPacks.Map(packs);
        GetPack.Map(packs);
        EditPack.Map(packs).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
        DeletePack.Map(packs).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
        ListMyPacks.Map(app).RequireAccount();
        CreatePack.Map(packs).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
    }
}
