using Microsoft.Net.Http.Headers;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Files;

/// <summary><c>GET /api/v1/files/{sha256}</c>: for everybody who knows the hash, whatever pack it is from; with ranges, so that downloads can go on where they broke off.</summary>
internal static class GetFile
{
    public static void Map(RouteGroupBuilder files) => files.MapRead("/{sha256}", Handle).WithName(nameof(GetFile));

    private static IResult Handle(string sha256, BlobFolder blobs, HttpResponse response)
    {
        if (blobs.Find(sha256) is not { } path) return ApiError.NotFound("file", sha256);
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.PhysicalFile(path, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true);
    }
}
