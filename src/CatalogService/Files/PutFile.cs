using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Files;

/// <summary><c>PUT /api/v1/files/put?pathname=packs/files/&lt;sha256&gt;</c>: the body is the file, of whatever content type. Errors: <c>quota_exceeded</c> 402, <c>too_large</c> 413, <c>hash_mismatch</c> 422, <c>insufficient_storage</c> 507.</summary>
internal static class PutFile
{
    /// <summary>A stored file.</summary>
    /// <param name="Ok">True.</param>
    /// <param name="Pathname">As it was asked for.</param>
    /// <param name="Url">Where the file is served.</param>
    /// <param name="Size">Its size in bytes.</param>
    public sealed record Response(bool Ok, string Pathname, string Url, long Size)
    {
        internal static Response Of(string sha256, long sizeBytes, HubOptions hub) => new(Ok: true, FilePath.Of(sha256), hub.Link($"/api/v1/files/{sha256}"), sizeBytes);
    }

    public static RouteHandlerBuilder Map(RouteGroupBuilder files) => files
        .MapPut("/put", HandleAsync)
        .TakesQuery("pathname", "`packs/files/` and the file's SHA-256.", new { type = "string", pattern = "^packs/files/[0-9a-f]{64}$" }, required: true, code: "invalid_pathname")
        .TakesBody("application/octet-stream", "The file.")
        .WithMetadata(new DisableRequestSizeLimitAttribute()) // the file's own limit is checked while it arrives
        .WithName(nameof(PutFile));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        HttpRequest request, Caller caller, StoredFiles files, IOptions<UploadOptions> options, IOptions<HubOptions> hub, CancellationToken stop)
    {
        if (!FilePath.TryRead(request.Query["pathname"], out var sha256, out var error)) return error;
        var limitBytes = options.Value.MaxFileBytes;
        if (request.ContentLength > limitBytes) return ApiError.TooLarge(limitBytes);
        if (request.ContentLength is { } sizeBytes && await files.CheckRoomAsync(caller, sizeBytes, sha256, stop) is { } refusal) return refusal;

        var added = await files.AddAsync(request.Body, sha256, limitBytes, caller, origin: null, stop);
        return added.Error is null ? TypedResults.Ok(Response.Of(sha256, added.SizeBytes!.Value, hub.Value)) : added.Error;
    }
}
