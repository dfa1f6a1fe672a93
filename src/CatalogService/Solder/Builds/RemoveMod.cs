using Npgsql;
using PackRelay.CatalogService.Solder.Mods;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>DELETE /api/modpack/{slug}/{version}/mod/{modSlug}</c>: takes a mod out of a build; needs the flag <c>modpacks_manage</c> and access to the modpack. 404 <c>Modpack not found.</c>,
/// <c>Build not found.</c>, <c>Mod not found.</c>, <c>Mod not in this build.</c>
/// </summary>
internal static class RemoveMod
{
    private const string DeleteSql = "DELETE FROM solder_build_mods WHERE build_id = $1 AND mod_id = $2";

    public static void Map(RouteGroupBuilder writes) =>
        writes.MapDelete("/modpack/{slug}/{version}/mod/{modSlug}", HandleAsync).WithName("RemoveModFromBuild").Produces<SolderSuccess>();

    private static async Task<IResult> HandleAsync(
        string slug, string version, string modSlug, Caller caller, BuildQueries builds, ModQueries mods, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, build, refusal) = await builds.FindAsync(slug, version, caller, stop);
        if (modpack is null || build is null) return refusal!;
        if (await mods.FindIdAsync(modSlug, stop) is not { } modId) return ModQueries.NotFound();
        var error = await BuildMods.ChangeAsync(
            db, modpack, build, clock.GetUtcNow(),
            async connection => await connection.ExecuteAsync(DeleteSql, stop, build.Id, modId) == 1 ? null : SolderError.NotFound("Mod not in this build."), stop);
        return error is null ? TypedResults.Ok(new SolderSuccess("Mod removed from build.")) : error;
    }
}
