using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>
/// <c>PUT /api/mod/{slug}/{version}</c>: what is sent is changed; needs the flag <c>mods_manage</c>, which is asked before the mod. 404 <c>Mod not found.</c>, <c>Mod version not found.</c> What was
/// computed of an uploaded zip stays as it is.
/// </summary>
internal static class EditModVersion
{
    private const string SetSql = $"""
        UPDATE solder_mod_versions SET md5 = CASE WHEN sha256 IS NULL THEN COALESCE($2, md5) ELSE md5 END, filesize = CASE WHEN $3 AND sha256 IS NULL THEN $4 ELSE filesize END,
               url = CASE WHEN $5 THEN $6 ELSE url END, notes = CASE WHEN $7 THEN $8 ELSE notes END, updated_at = $9
         WHERE id = $1
        RETURNING {ModVersionRecord.Columns}
        """;

    private const string IsUploadedSql = "SELECT sha256 IS NOT NULL AND md5 <> $2 FROM solder_mod_versions WHERE id = $1";

    /// <summary>What is to change of a mod's version.</summary>
    /// <param name="Md5">MD5 of the zip; 1 to 255 characters.</param>
    /// <param name="Filesize">Size of the zip in bytes; null when it is not known.</param>
    /// <param name="Url">Where the zip is; null for the mirror.</param>
    /// <param name="Notes">For those who manage mods; null clears them.</param>
    public sealed record ModVersionChange(string? Md5 = null, long? Filesize = null, string? Url = null, string? Notes = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPut("/mod/{slug}/{version}", HandleAsync).WithName(nameof(EditModVersion)).Produces<ModVersionRecord>();

    private static async Task<IResult> HandleAsync(
        string slug, string version, SolderBody<ModVersionChange> body, Caller caller, ModQueries mods, NpgsqlDataSource db, SolderLinks links, TimeProvider clock, CancellationToken stop)
    {
        if (!caller.MayInSolder(SolderFlags.ModsManage)) return SolderError.Unauthorized();
        if (await mods.FindIdAsync(slug, stop) is not { } modId) return ModQueries.NotFound();
        if (await mods.FindVersionIdAsync(modId, version, stop) is not { } id) return ModQueries.VersionNotFound();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var md5 = (form.Has("md5") ? form.Line("md5", required: true) : null)?.ToLowerInvariant();
        var (filesize, url, notes) = (form.Whole("filesize"), form.Url("url"), form.Text("notes", most: ModForm.MostNotes));
        if (md5 is not null && await db.ScalarAsync<bool>(IsUploadedSql, stop, id, md5)) form.Add("md5", "The md5 field is prohibited: the zip was uploaded, and has another.");
        if (form.IsInvalid(out var invalid)) return invalid;
        var now = clock.GetUtcNow();
        var changed = await mods.ChangeAsync(
            now,
            connection => connection.FirstAsync(
                SetSql, row => ModVersionRecord.Read(row, slug, links), stop, id, md5, form.Has("filesize"), filesize, form.Has("url"), url, form.Has("notes"), notes, now),
            stop);
        return changed is null ? ModQueries.VersionNotFound() : TypedResults.Ok(changed);
    }
}
