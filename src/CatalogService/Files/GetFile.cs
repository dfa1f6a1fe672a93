using Npgsql;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files;

/// <summary>
/// <c>GET /api/v1/files/{sha256}</c>: for everybody who knows the hash, whatever pack it is from; with ranges, so that downloads can go on where they broke off.
/// A file that the scan refused is not there. What is answered is charged to the egress of whoever brought the file. Errors: <c>quota_exceeded</c> 402, <c>invalid_request</c> 412 when <c>If-Match</c> names another,
/// <c>invalid_range</c> 416.
/// </summary>
internal static class GetFile
{
    private const string FileSql = "SELECT uploader_id, scan_problem FROM files WHERE sha256 = $1";

    public static void Map(RouteGroupBuilder files) => files.MapRead("/{sha256}", HandleAsync).WithName(nameof(GetFile))
        .Answers(200, "The file's bytes.", "application/octet-stream", headers: ["Accept-Ranges"])
        .Answers(206, "The part that `Range` asks for.", "application/octet-stream", headers: ["Accept-Ranges", "Content-Range", "ETag"])
        .Answers(302, "Where the file is, when the hub keeps its files in another store; the address is good for a short time.", headers: ["Location"]);

    private static async Task<IResult> HandleAsync(
        string sha256, IBlobStore blobs, NpgsqlDataSource db, EgressMeter egress, HttpRequest request, HttpResponse response, CancellationToken stop)
    {
        if (await blobs.FindAsync(sha256, stop) is not { } sizeBytes) return ApiError.NotFound("file", sha256);
        // No row: nobody pays for content of the hub itself.
        var (payer, problem) = await db.FirstAsync(FileSql, row => (row.GetGuid(0), row.GetNullable<string>(1)), stop, Convert.FromHexString(sha256));
        if (problem is not null) return ApiError.NotFound("file", sha256); // the scan refused it: the hub must not be the place to get it from
        if (payer != Guid.Empty && await egress.CheckAsync(payer, stop) is { } usedUp) return usedUp;
        var isGet = HttpMethods.IsGet(request.Method);
        if (isGet && blobs.Link(sha256) is { } link)
        {
            if (payer != Guid.Empty) egress.Add(payer, sizeBytes);
            response.Headers.CacheControl = "no-store"; // the address ends soon; what it leads to may be kept
            return TypedResults.Redirect(link.ToString());
        }

        var content = await blobs.OpenAsync(sha256, stop);
        if (content is null) return ApiError.NotFound("file", sha256);
        if (isGet && payer != Guid.Empty) egress.AddWhenAnswered(payer, response);
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return new RangedContent(content, "application/octet-stream", sha256);
    }
}
