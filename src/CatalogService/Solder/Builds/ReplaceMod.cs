using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.CatalogService.Solder.Mods;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>PUT /api/modpack/{slug}/{version}/mod/{modSlug}</c>: gives a build another version of a mod that it has; needs the flag <c>modpacks_manage</c> and access to the modpack. 404
/// <c>Modpack not found.</c>, <c>Build not found.</c>, <c>Mod not found.</c>, <c>Mod version not found.</c>, <c>Mod not in this build.</c>
/// </summary>
internal static class ReplaceMod
{
    private const string SetSql = "UPDATE solder_build_mods SET mod_version_id = $3 WHERE build_id = $1 AND mod_id = $2";

    /// <summary>The version of the mod that the build gets.</summary>
    /// <param name="ModVersion">The mod's version.</param>
    public sealed record BuildModChange([property: JsonPropertyName("mod_version")] string ModVersion);

    public static void Map(RouteGroupBuilder writes) =>
        writes.MapPut("/modpack/{slug}/{version}/mod/{modSlug}", HandleAsync).WithName("ReplaceModInBuild").Produces<SolderSuccess>();

    private static async Task<IResult> HandleAsync(
        string slug, string version, string modSlug, SolderBody<BuildModChange> body, Caller caller, BuildQueries builds, ModQueries mods, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken stop)
    {
        var (modpack, build, refusal) = await builds.FindAsync(slug, version, caller, stop);
        if (modpack is null || build is null) return refusal!;
        if (await mods.FindIdAsync(modSlug, stop) is not { } modId) return ModQueries.NotFound();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var modVersion = form.OnlyText("mod_version", required: true);
        if (form.IsInvalid(out var invalid)) return invalid;
        if (await mods.FindVersionIdAsync(modId, modVersion!, stop) is not { } versionId) return ModQueries.VersionNotFound();
        try
        {
            var error = await BuildMods.ChangeAsync(
                db, modpack, build, clock.GetUtcNow(),
                async connection => await connection.ExecuteAsync(SetSql, stop, build.Id, modId, versionId) == 1 ? null : SolderError.NotFound("Mod not in this build."), stop);
            return error is null ? TypedResults.Ok(new SolderSuccess("Mod version updated in build.")) : error;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return ModQueries.VersionNotFound(); // deleted meanwhile
        }
    }
}
