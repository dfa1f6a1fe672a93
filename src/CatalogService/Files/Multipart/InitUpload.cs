using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary><c>POST /api/v1/files/multipart/init</c>: begins the upload of a large file in parts.</summary>
internal static class InitUpload
{
    /// <summary>A file that will come in parts. Errors, by <c>code</c>: <c>invalid_pathname</c> 400, <c>too_many_uploads</c> 409.</summary>
    /// <param name="Pathname"><c>packs/files/</c> and the file's SHA-256, 64 lower-case hexadecimal digits.</param>
    public sealed record Request(string Pathname);

    /// <summary>An upload that has begun.</summary>
    /// <param name="UploadId">Send it with every part.</param>
    /// <param name="Key">The pathname.</param>
    public sealed record Response(string UploadId, string Key);

    public static RouteHandlerBuilder Map(RouteGroupBuilder multipart) => multipart.MapPost("/init", HandleAsync).WithName(nameof(InitUpload));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        JsonBody<Request> body, Caller caller, Uploads uploads, IOptions<UploadOptions> options, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        if (!FilePath.TryRead(request.Pathname, out var sha256, out error)) return error;
        var limit = options.Value.MaxOpenUploads;
        return await uploads.AddAsync(sha256, caller, limit, stop) is { } id
            ? TypedResults.Ok(new Response(id.ToString("N"), request.Pathname))
            : ApiError.Conflict(FileErrors.TooManyUploads, $"the account has {limit} unfinished uploads; complete or abort some of them");
    }
}
