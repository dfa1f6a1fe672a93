using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder;

/// <summary><c>POST /api/minecraft/refresh</c>: Solder fetches its list of Minecraft versions anew for its web pages. The hub keeps no such list, so there is nothing to do.</summary>
internal static class RefreshMinecraft
{
    public static void Map(RouteGroupBuilder writes) =>
        writes.MapPost("/minecraft/refresh", () => TypedResults.Ok(new SolderSuccess("Minecraft versions cache refreshed."))).WithName(nameof(RefreshMinecraft));
}
