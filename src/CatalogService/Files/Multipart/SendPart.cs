using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary>
/// <c>POST /api/v1/files/multipart/part?pathname=&amp;uploadId=&amp;partNumber=</c>: the body is the part, of whatever content type. 200 means that it is safely stored.
/// Errors: <c>quota_exceeded</c> 402, <c>not_found</c> 404, <c>too_large</c> 413, <c>insufficient_storage</c> 507.
/// </summary>
internal static class SendPart
{
    /// <summary>Most bytes of one part.</summary>
    public const long MaxPartBytes = 100L * 1024 * 1024;

    public const int MaxParts = 10_000;

    /// <summary>A part that is stored.</summary>
    /// <param name="Etag">To be sent when the upload is completed.</param>
    public sealed record Response(string Etag);

    public static RouteHandlerBuilder Map(RouteGroupBuilder multipart) => multipart
        .MapPost("/part", HandleAsync)
        .TakesQuery("pathname", "`packs/files/` and the file's SHA-256.", new { type = "string", pattern = "^packs/files/[0-9a-f]{64}$" }, required: true, code: "invalid_pathname")
        .TakesQuery("uploadId", "The upload.", required: true)
        .TakesQuery("partNumber", "The part's place among the parts.", new { type = "integer", minimum = 1, maximum = MaxParts }, required: true, code: "invalid_part_number")
        .TakesBody("application/octet-stream", "The part; at most 100 MiB.")
        .WithMetadata(new DisableRequestSizeLimitAttribute()) // the part's own limit is checked while it arrives
        .WithName(nameof(SendPart));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        HttpRequest request, Caller caller, Uploads uploads, PartIntake intake, CancellationToken stop)
    {
        var uploadId = request.Query["uploadId"].ToString();
        var upload = await uploads.FindAsync(uploadId, caller, stop);
        if (upload is not { Status: Upload.Open }) return FileErrors.NoUpload(uploadId);
        if (!FilePath.TryRead(request.Query["pathname"], out var sha256, out var error)) return error;
        if (sha256 != upload.Sha256) return ApiError.Invalid("pathname", $"the upload is of {FilePath.Of(upload.Sha256)}");
        if (!int.TryParse(request.Query["partNumber"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MaxParts)
            return ApiError.Invalid("partNumber", $"1 to {MaxParts}");
        if (request.ContentLength > MaxPartBytes) return ApiError.TooLarge(MaxPartBytes);

        var (part, refusal) = await intake.TakeAsync(upload, number, request.Body, request.ContentLength, caller, stop);
        return part is null ? refusal! : TypedResults.Ok(new Response(part.ETag));
    }
}
