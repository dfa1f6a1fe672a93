using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>
/// <c>POST /api/mod/{slug}/version</c>: a new version of a mod, whose zip is on the mirror, or at <c>url</c>, or uploaded afterwards; needs the flag <c>mods_manage</c>, which is asked before
/// the mod. 404 <c>Mod not found.</c>; 422 <c>Version already exists for this mod.</c>
/// </summary>
internal static class CreateModVersion
{
    // The mod stays as long as this takes: one that is being deleted is waited for, and then has no versions.
    private const string InsertSql = $"""
        INSERT INTO solder_mod_versions (mod_id, version, md5, filesize, url, notes, created_at, updated_at)
        SELECT m.id, $2, $3, $4, $5, $6, $7, $7 FROM solder_mods m WHERE m.id = $1 FOR KEY SHARE
        ON CONFLICT DO NOTHING RETURNING {ModVersionRecord.Columns}
        """;

    /// <summary>A new version of a mod.</summary>
    /// <param name="Version">The version, unique for the mod: 1 to 255 characters without slashes.</param>
    /// <param name="Md5">MD5 of the zip; 1 to 255 characters, taken as it is but for capitals.</param>
    /// <param name="Filesize">Size of the zip in bytes.</param>
    /// <param name="Url">Where the zip is, when that is not the mirror; an http or https address.</param>
    /// <param name="Notes">For those who manage mods.</param>
    public sealed record ModVersionRequest(string Version, string Md5, long? Filesize = null, string? Url = null, string? Notes = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/mod/{slug}/version", HandleAsync).WithName(nameof(CreateModVersion)).Produces<ModVersionRecord>(StatusCodes.Status201Created);

    private static async Task<IResult> HandleAsync(string slug, SolderBody<ModVersionRequest> body, Caller caller, ModQueries mods, SolderLinks links, TimeProvider clock, CancellationToken stop)
    {
        if (!caller.MayInSolder(SolderFlags.ModsManage)) return SolderError.Unauthorized();
        if (await mods.FindIdAsync(slug, stop) is not { } modId) return ModQueries.NotFound();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var (version, md5, filesize) = (form.Segment("version", required: true), form.Line("md5", required: true), form.Whole("filesize"));
        var (url, notes) = (form.Url("url"), form.Text("notes", most: ModForm.MostNotes));
        if (form.IsInvalid(out var invalid)) return invalid;
        var now = clock.GetUtcNow();
        var made = await mods.ChangeAsync(
            now,
            connection => connection.FirstAsync(
                InsertSql, row => ModVersionRecord.Read(row, slug, links), stop, modId, version, md5!.ToLowerInvariant(), filesize, url, notes, now),
            stop);
        if (made is not null) return TypedResults.Created((string?)null, made);
        return await mods.FindIdAsync(slug, stop) is null ? ModQueries.NotFound() : SolderError.Unprocessable("Version already exists for this mod.");
    }
}
