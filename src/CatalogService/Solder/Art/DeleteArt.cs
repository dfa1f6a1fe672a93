using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Art;

/// <summary>
/// <c>DELETE /api/modpack/{slug}/art/{kind}</c>, beyond Solder's own routes: the modpack goes without its <c>icon</c>, <c>logo</c> or <c>background</c>. Needs the flag <c>modpacks_manage</c> and access to
/// the modpack. May be repeated. 404 <c>Modpack not found.</c>
/// </summary>
internal static class DeleteArt
{
    private const string DeleteSql = "DELETE FROM solder_pack_art WHERE pack_id = $1 AND kind = $2";

    public static void Map(RouteGroupBuilder uploads) => uploads.MapDelete("/modpack/{slug}/art/{kind}", HandleAsync).WithName(nameof(DeleteArt)).Produces<ModpackRecord>();

    private static async Task<IResult> HandleAsync(
        string slug, string kind, Caller caller, ModpackQueries modpacks, NpgsqlDataSource db, SolderLinks links, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (modpack is null) return refusal!;
        if (!ArtKind.IsKnown(kind)) return SolderError.Invalid("kind", "The selected kind is invalid.");
        await db.InTransactionAsync(
            async connection =>
            {
                if (await connection.ExecuteAsync(DeleteSql, stop, modpack.Id, kind) > 0) await ModpackQueries.AnnounceBuildsAsync(connection, modpack, clock.GetUtcNow(), stop);
                return true;
            },
            stop);
        (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        return modpack is null ? refusal! : TypedResults.Ok(ModpackRecord.Of(modpack, links));
    }
}
