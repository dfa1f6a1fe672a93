using Npgsql;
using PackRelay.CatalogService.Files;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Solder.Art;

/// <summary>
/// <c>GET /mirror/art/{file}</c>: a picture of a modpack, under its SHA-256 and <c>.png</c>, for everybody who knows that. What is answered is charged to the egress of whoever brought it. Errors:
/// <c>not_found</c> 404, <c>quota_exceeded</c> 402, <c>invalid_range</c> 416, <c>invalid_request</c> 412 when <c>If-Match</c> names another.
/// </summary>
internal static class GetArt
{
    private const string Suffix = ".png";

    private const string Sql = "SELECT EXISTS (SELECT FROM solder_pack_art WHERE sha256 = $1)";

    public static void Map(RouteGroupBuilder mirror) => mirror.MapRead("/art/{file}", HandleAsync).WithName(nameof(GetArt))
        .Answers(200, "The picture.", "image/png", headers: ["Accept-Ranges"])
        .Answers(206, "The part that `Range` asks for.", "image/png", headers: ["Accept-Ranges", "Content-Range", "ETag"])
        .Answers(302, "Where the picture is, when the hub keeps its files in another store; the address is good for a short time.", headers: ["Location"]);

    private static async Task<IResult> HandleAsync(string file, HttpContext http, NpgsqlDataSource db, ServedFiles files, CancellationToken stop)
    {
        var sha256 = file.EndsWith(Suffix, StringComparison.Ordinal) ? file[..^Suffix.Length] : "";
        return Sha256Hex.IsValid(sha256) && await db.ScalarAsync<bool>(Sql, stop, Convert.FromHexString(sha256))
            ? await files.AnswerAsync(http, sha256, "image/png", isFixed: true, stop)
            : ApiError.NotFound("file", file);
    }
}
