using Microsoft.Net.Http.Headers;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Files;

/// <summary><c>GET /api/v1/files/{sha256}</c>: for everybody who knows the hash, whatever pack it is from; with ranges, so that downloads can go on where they broke off.</summary>
internal static class GetFile
{
    public static void Map(RouteGroupBuilder files) => files.MapRead("/{sha256}", HandleAsync).WithName(nameof(GetFile))
        .Answers(200, "The file's bytes.", "application/octet-stream", headers: ["Accept-Ranges"])
        .Answers(206, "The part that `Range` asks for.", "application/octet-stream", headers: ["Accept-Ranges", "Content-Range", "ETag"])
        .Answers(302, "Where the file is, when the hub keeps its files in another store; the address is good for a short time.", headers: ["Location"])
        .Answers(412, "The file is not the one that `If-Match` names.")
        .Answers(416, "There is no such part.", headers: ["Content-Range"]);

    private static async Task<IResult> HandleAsync(string sha256, IBlobStore blobs, HttpRequest request, HttpResponse response, CancellationToken stop)
    {
        if (await blobs.FindAsync(sha256, stop) is null) return ApiError.NotFound("file", sha256);
        if (HttpMethods.IsGet(request.Method) && blobs.Link(sha256) is { } link)
        {
            response.Headers.CacheControl = "no-store"; // the address ends soon; what it leads to may be kept
            return TypedResults.Redirect(link.ToString());
        }

        var content = await blobs.OpenAsync(sha256, stop);
        if (content is null) return ApiError.NotFound("file", sha256);
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(content, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true);
    }
}
