using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary><c>DELETE /api/mod/{slug}</c>: the mod with its versions, out of every build; needs the flag <c>mods_delete</c>. 404 <c>Mod not found.</c></summary>
internal static class DeleteMod
{
    private const string DeleteSql = "DELETE FROM solder_mods WHERE id = $1 RETURNING name";

    public static void Map(RouteGroupBuilder writes) => writes.MapDelete("/mod/{slug}", HandleAsync).WithName(nameof(DeleteMod)).Produces<SolderSuccess>();

    private static async Task<IResult> HandleAsync(string slug, Caller caller, ModQueries mods, TimeProvider clock, CancellationToken stop)
    {
        if (await mods.FindIdAsync(slug, stop) is not { } id) return ModQueries.NotFound();
        if (!caller.MayInSolder(SolderFlags.ModsDelete)) return SolderError.Unauthorized();
        return await mods.ChangeAsync(clock.GetUtcNow(), connection => connection.ScalarAsync<string>(DeleteSql, stop, id), stop) is null
            ? ModQueries.NotFound()
            : TypedResults.Ok(new SolderSuccess("Mod deleted."));
    }
}
