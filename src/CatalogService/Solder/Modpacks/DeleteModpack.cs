using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>
/// <c>DELETE /api/modpack/{slug}</c>: the modpack with its builds, for good; needs the flag <c>modpacks_delete</c> and access to it. 404 <c>Modpack not found.</c> Clients and accounts that
/// had access to it have none to what is called so later.
/// </summary>
internal static class DeleteModpack
{
    public static void Map(RouteGroupBuilder writes) => writes.MapDelete("/modpack/{slug}", HandleAsync).WithName(nameof(DeleteModpack)).Produces<SolderSuccess>();

    private static async Task<IResult> HandleAsync(string slug, Actor actor, ModpackQueries modpacks, RemovedPacks removed, CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, actor.Caller, SolderFlags.ModpacksDelete, stop);
        if (modpack is null) return refusal!;
        var pack = new PackFacts(modpack.Id, modpack.Slug, modpack.OwnerId, modpack.Game, modpack.Visibility, PackRole.None);
        return await removed.RemoveAsync(pack, actor, stop) ? TypedResults.Ok(new SolderSuccess("Modpack deleted.")) : SolderError.NotFound("Modpack not found.");
    }
}
