using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary><c>GET /api/v1/files/multipart?uploadId=</c>: what has arrived of an upload, so that it can be gone on with.</summary>
internal static class ListParts
{
    /// <summary>An upload. Errors: <c>not_found</c> 404.</summary>
    /// <param name="UploadId">Identifies it.</param>
    /// <param name="Pathname">What it will be.</param>
    /// <param name="Status"><c>open</c>, or <c>completed</c>.</param>
    /// <param name="ExpiresAt">When it will be removed unless another part comes, UTC.</param>
    /// <param name="Parts">The parts that are stored, by their numbers; at most 10,000. Empty once it is completed.</param>
    public sealed record Response(string UploadId, string Pathname, string Status, DateTimeOffset ExpiresAt, IReadOnlyList<Part> Parts);

    /// <summary>A part that is stored.</summary>
    /// <param name="PartNumber">1 to 10,000.</param>
    /// <param name="Etag">To be sent when the upload is completed.</param>
    /// <param name="Size">Its size in bytes.</param>
    public sealed record Part(int PartNumber, string Etag, long Size);

    public static RouteHandlerBuilder Map(RouteGroupBuilder multipart) => multipart.MapRead("/", HandleAsync).WithName(nameof(ListParts))
        .TakesQuery("uploadId", "The upload.", required: true);

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        HttpRequest request, Caller caller, Uploads uploads, IOptions<UploadOptions> options, CancellationToken stop)
    {
        var uploadId = request.Query["uploadId"].ToString();
        if (await uploads.FindAsync(uploadId, caller, stop) is not { } upload) return FileErrors.NoUpload(uploadId);
        var parts = upload.Status == Upload.Open ? await uploads.PartsAsync(upload.Id, stop) : [];
        return TypedResults.Ok(new Response(
            uploadId, FilePath.Of(upload.Sha256), upload.Status, upload.TouchedAt + options.Value.UploadsKeptFor,
            [.. parts.Select(part => new Part(part.Number, part.ETag, part.SizeBytes))]));
    }
}
