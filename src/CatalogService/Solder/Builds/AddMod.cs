using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.CatalogService.Solder.Mods;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>POST /api/modpack/{slug}/{version}/mod</c>: adds a version of a mod to a build; needs the flag <c>modpacks_manage</c> and access to the modpack. 404 <c>Modpack not found.</c>,
/// <c>Build not found.</c>, <c>Mod not found.</c>, <c>Mod version not found.</c>; 422 when the build has this or another version of the mod.
/// </summary>
internal static class AddMod
{
    private const string PresentSql = "SELECT mod_version_id FROM solder_build_mods WHERE build_id = $1 AND mod_id = $2";

    private const string InsertSql = "INSERT INTO solder_build_mods (build_id, mod_id, mod_version_id) VALUES ($1, $2, $3)";

    /// <summary>The version of a mod that a build gets.</summary>
    /// <param name="ModSlug">The mod's name.</param>
    /// <param name="ModVersion">The mod's version.</param>
    public sealed record BuildModRequest([property: JsonPropertyName("mod_slug")] string ModSlug, [property: JsonPropertyName("mod_version")] string ModVersion);

    public static void Map(RouteGroupBuilder writes) =>
        writes.MapPost("/modpack/{slug}/{version}/mod", HandleAsync).WithName("AddModToBuild").Produces<SolderSuccess>(StatusCodes.Status201Created);

    private static async Task<IResult> HandleAsync(
        string slug, string version, SolderBody<BuildModRequest> body, Caller caller, BuildQueries builds, ModQueries mods, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, build, refusal) = await builds.FindAsync(slug, version, caller, stop);
        if (modpack is null || build is null) return refusal!;
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var (modSlug, modVersion) = (form.OnlyText("mod_slug", required: true), form.OnlyText("mod_version", required: true));
        if (form.IsInvalid(out var invalid)) return invalid;
        if (await mods.FindIdAsync(modSlug!, stop) is not { } modId) return ModQueries.NotFound();
        if (await mods.FindVersionIdAsync(modId, modVersion!, stop) is not { } versionId) return ModQueries.VersionNotFound();
        try
        {
            var error = await BuildMods.ChangeAsync(db, modpack, build, clock.GetUtcNow(), connection => AddAsync(connection, build.Id, modId, versionId, stop), stop);
            return error is null ? TypedResults.Created((string?)null, new SolderSuccess("Mod added to build.")) : error;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return ModQueries.VersionNotFound(); // deleted meanwhile
        }
    }

    private static async Task<SolderError?> AddAsync(NpgsqlConnection connection, long buildId, long modId, long versionId, CancellationToken stop)
    {
        var present = await connection.ScalarAsync<long>(PresentSql, stop, buildId, modId);
        if (present == versionId) return SolderError.Unprocessable("Mod version already in build.");
        if (present != 0) return SolderError.Unprocessable("Another version of this mod is already in the build. Use PUT to update it.");
        await connection.ExecuteAsync(InsertSql, stop, buildId, modId, versionId);
        return null;
    }
}
