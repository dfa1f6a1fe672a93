using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Files;

/// <summary>
/// <c>GET /api/v1/files/{sha256}</c>: for everybody who knows the hash, whatever pack it is from; with ranges, so that downloads can go on where they broke off.
/// A file that the scan refused is not there. What is answered is charged to the egress of whoever brought the file. Errors: <c>quota_exceeded</c> 402, <c>invalid_request</c> 412 when <c>If-Match</c> names another,
/// <c>invalid_range</c> 416.
/// </summary>
internal static class GetFile
{
    public static void Map(RouteGroupBuilder files) => files.MapRead("/{sha256}", HandleAsync).WithName(nameof(GetFile))
        .Answers(200, "The file's bytes.", "application/octet-stream", headers: ["Accept-Ranges"])
        .Answers(206, "The part that `Range` asks for.", "application/octet-stream", headers: ["Accept-Ranges", "Content-Range", "ETag"])
        .Answers(302, "Where the file is, when the hub keeps its files in another store; the address is good for a short time.", headers: ["Location"]);

    private static Task<IResult> HandleAsync(string sha256, HttpContext http, ServedFiles files, CancellationToken stop) =>
        files.AnswerAsync(http, sha256, "application/octet-stream", isFixed: true, stop);
}
