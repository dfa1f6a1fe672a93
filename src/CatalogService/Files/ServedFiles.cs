using Npgsql;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files;

/// <summary>
/// Answers with a file, whole or in parts, and charges what is answered to the egress of whoever brought it. A file that the scan refused is not there. Errors: <c>quota_exceeded</c> 402,
/// <c>invalid_request</c> 412 when <c>If-Match</c> names another, <c>invalid_range</c> 416.
/// </summary>
internal sealed class ServedFiles(IBlobStore blobs, NpgsqlDataSource db, EgressMeter egress)
{
    private const string FileSql = "SELECT uploader_id, scan_problem FROM files WHERE sha256 = $1";

    /// <summary>The answer to a read.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="sha256">The file.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="isFixed">Whether the address will never lead to another file.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, string sha256, string contentType, bool isFixed, CancellationToken stop)
    {
        if (await blobs.FindAsync(sha256, stop) is not { } sizeBytes) return ApiError.NotFound("file", sha256);
        // No row: nobody pays for content of the hub itself.
        var (payer, problem) = await db.FirstAsync(FileSql, row => (row.GetGuid(0), row.GetNullable<string>(1)), stop, Convert.FromHexString(sha256));
        if (problem is not null) return ApiError.NotFound("file", sha256); // the scan refused it: the hub must not be the place to get it from
        if (payer != Guid.Empty && await egress.CheckAsync(payer, stop) is { } usedUp) return usedUp;
        var isGet = HttpMethods.IsGet(http.Request.Method);
        if (isGet && blobs.Link(sha256) is { } link)
        {
            if (payer != Guid.Empty) egress.Add(payer, sizeBytes);
            http.Response.Headers.CacheControl = "no-store"; // the address ends soon; what it leads to may be kept
            return TypedResults.Redirect(link.ToString());
        }

        var content = await blobs.OpenAsync(sha256, stop);
        if (content is null) return ApiError.NotFound("file", sha256);
        if (isGet && payer != Guid.Empty) egress.AddWhenAnswered(payer, http.Response);
        return new RangedContent(content, contentType, sha256, cacheControl: isFixed ? null : "public, no-cache");
    }
}
