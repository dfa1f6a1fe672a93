using Npgsql;
using PackRelay.CatalogService.Files;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>
/// <c>GET /mirror/mods/{mod}/{file}</c>: the zip of a mod's version that was uploaded, under the name that Solder's mirrors give it, <c>{mod}-{version}.zip</c>; with ranges. What is answered is
/// charged to the egress of whoever brought it. Errors: <c>not_found</c> 404, <c>quota_exceeded</c> 402, <c>invalid_range</c> 416, <c>invalid_request</c> 412 when <c>If-Match</c> names another.
/// </summary>
internal static class GetModFile
{
    private const string Suffix = ".zip";

    private const string Sql = """
        SELECT encode(v.sha256, 'hex') FROM solder_mods m JOIN solder_mod_versions v ON v.mod_id = m.id AND v.version = $2 WHERE m.name = $1 AND v.sha256 IS NOT NULL
        """;

    public static void Map(RouteGroupBuilder mirror) => mirror.MapRead("/mods/{mod}/{file}", HandleAsync).WithName(nameof(GetModFile))
        .Answers(200, "The zip.", "application/zip", headers: ["Accept-Ranges"])
        .Answers(206, "The part that `Range` asks for.", "application/zip", headers: ["Accept-Ranges", "Content-Range", "ETag"])
        .Answers(302, "Where the zip is, when the hub keeps its files in another store; the address is good for a short time.", headers: ["Location"]);

    private static async Task<IResult> HandleAsync(string mod, string file, HttpContext http, NpgsqlDataSource db, ServedFiles files, CancellationToken stop)
    {
        var isName = file.Length > mod.Length + 1 + Suffix.Length && file.StartsWith(mod + "-", StringComparison.Ordinal) && file.EndsWith(Suffix, StringComparison.Ordinal);
        var sha256 = isName ? await db.ScalarAsync<string>(Sql, stop, mod, file[(mod.Length + 1)..^Suffix.Length]) : null;
        return sha256 is null ? ApiError.NotFound("file", file) : await files.AnswerAsync(http, sha256, "application/zip", isFixed: false, stop);
    }
}
