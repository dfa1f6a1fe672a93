using System.Globalization;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>
/// <c>DELETE /api/mod/{slug}/{version}</c>; needs the flag <c>mods_delete</c>, which is asked before the mod. 404 <c>Mod not found.</c>, <c>Mod version not found.</c>; 409 while a build has the
/// version.
/// </summary>
internal static class DeleteModVersion
{
    private const string UsesSql = "SELECT count(*) FROM solder_build_mods WHERE mod_version_id = $1";

    private const string DeleteSql = "DELETE FROM solder_mod_versions WHERE id = $1 RETURNING version";

    public static void Map(RouteGroupBuilder writes) => writes.MapDelete("/mod/{slug}/{version}", HandleAsync).WithName(nameof(DeleteModVersion)).Produces<SolderSuccess>();

    private static async Task<IResult> HandleAsync(string slug, string version, Caller caller, ModQueries mods, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (!caller.MayInSolder(SolderFlags.ModsDelete)) return SolderError.Unauthorized();
        if (await mods.FindIdAsync(slug, stop) is not { } modId) return ModQueries.NotFound();
        if (await mods.FindVersionIdAsync(modId, version, stop) is not { } id) return ModQueries.VersionNotFound();
        if (await UsesAsync() is > 0 and var uses) return InUse(uses);
        try
        {
            return await mods.ChangeAsync(clock.GetUtcNow(), connection => connection.ScalarAsync<string>(DeleteSql, stop, id), stop) is null
                ? ModQueries.VersionNotFound()
                : TypedResults.Ok(new SolderSuccess("Mod version deleted."));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return InUse(Math.Max(1, await UsesAsync())); // a build has got it meanwhile
        }

        Task<long> UsesAsync() => db.ScalarAsync<long>(UsesSql, stop, id);
    }

    private static SolderError InUse(long builds) => SolderError.Conflict(string.Create(CultureInfo.InvariantCulture, $"Mod version is in use by {builds} build(s) and cannot be deleted."));
}
