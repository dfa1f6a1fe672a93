using System.Buffers.Binary;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>
/// <c>PUT /api/mod/{slug}/{version}/file</c>, beyond Solder's own routes: the body is the zip of a mod's version, which the hub keeps and serves from then on; its MD5 and size become the
/// version's. Needs the flag <c>mods_manage</c>, which is asked before the mod, and room in the plan of who sends it. 404 <c>Mod not found.</c>, <c>Mod version not found.</c>; 422 for what is no
/// zip, and for what the hub's scan refuses.
/// </summary>
internal static class PutModFile
{
    private const string SetSql = "UPDATE solder_mod_versions SET sha256 = $2, md5 = $3, filesize = $4, updated_at = $5 WHERE id = $1";

    private const string ReadSql = $"SELECT {ModVersionRecord.Columns} FROM solder_mod_versions WHERE id = $1";

    public static void Map(RouteGroupBuilder uploads) => uploads.MapPut("/mod/{slug}/{version}/file", HandleAsync).WithName(nameof(PutModFile))
        .TakesBody("application/zip", "The zip.").WithMetadata(new DisableRequestSizeLimitAttribute()).Produces<ModVersionRecord>(); // its own limit is checked while it arrives

    private static async Task<IResult> HandleAsync(
        string slug, string version, HttpRequest request, Caller caller, ModQueries mods, UploadedFiles files, NpgsqlDataSource db, SolderLinks links, IOptions<SolderOptions> options,
        TimeProvider clock, CancellationToken stop)
    {
        if (!caller.MayInSolder(SolderFlags.ModsManage)) return SolderError.Unauthorized();
        if (await mods.FindIdAsync(slug, stop) is not { } modId) return ModQueries.NotFound();
        if (await mods.FindVersionIdAsync(modId, version, stop) is not { } id) return ModQueries.VersionNotFound();
        var now = clock.GetUtcNow();
        var refusal = await files.AddAsync(
            request, caller, options.Value.MaxModBytes, IsZip, "The file field must be a file of type: zip.",
            async (connection, file) =>
            {
                if (await connection.ExecuteAsync(SetSql, stop, id, Convert.FromHexString(file.Sha256), file.Md5, file.SizeBytes, now) == 1) await ModQueries.AnnounceAsync(connection, now, stop);
            },
            stop);
        if (refusal is not null) return refusal;
        return await db.FirstAsync(ReadSql, row => ModVersionRecord.Read(row, slug, links), stop, id) is { } stored ? TypedResults.Ok(stored) : ModQueries.VersionNotFound();
    }

    /// <summary>It begins with a file, or is empty.</summary>
    private static bool IsZip(ReadOnlySpan<byte> head) => head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) is 0x04034b50 or 0x06054b50;
}
