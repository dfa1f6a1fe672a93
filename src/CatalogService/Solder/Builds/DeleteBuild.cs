using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>DELETE /api/modpack/{slug}/{version}</c>; needs the flag <c>modpacks_manage</c> and access to the modpack. 404 <c>Modpack not found.</c>, <c>Build not found.</c> What names it as recommended or
/// latest stays as it is. A signed version is withdrawn.
/// </summary>
internal static class DeleteBuild
{
    private const string DeleteSql = "DELETE FROM solder_builds WHERE pack_id = $1 AND id = $2";

    public static void Map(RouteGroupBuilder writes) => writes.MapDelete("/modpack/{slug}/{version}", HandleAsync).WithName(nameof(DeleteBuild)).Produces<SolderSuccess>();

    private static async Task<IResult> HandleAsync(
        string slug, string version, Actor actor, BuildQueries builds, SignedBuilds signed, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, build, signedVersion, refusal) = await builds.FindAnyAsync(slug, version, actor.Caller, stop);
        if (modpack is null || refusal is not null) return refusal!;
        var isDeleted = build is null
            ? signedVersion is { IsWithdrawn: false } && await signed.WithdrawAsync(modpack, version, actor, stop)
            : await db.InTransactionAsync(connection => DeleteAsync(connection, modpack, build.Id, clock.GetUtcNow(), stop), stop);
        return isDeleted ? TypedResults.Ok(new SolderSuccess("Build deleted.")) : BuildQueries.NotFound();
    }

    private static async Task<bool> DeleteAsync(NpgsqlConnection connection, Modpack modpack, long id, DateTimeOffset now, CancellationToken stop)
    {
        if (!await ModpackQueries.LockAsync(connection, modpack.Id, stop) || await connection.ExecuteAsync(DeleteSql, stop, modpack.Id, id) == 0) return false;
        await ModpackQueries.AnnounceBuildsAsync(connection, modpack, now, stop);
        return true;
    }
}
