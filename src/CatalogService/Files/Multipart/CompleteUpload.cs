using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary><c>POST /api/v1/files/multipart/complete</c>: makes a file of the parts. Doing it again gives the same answer, for a day.</summary>
internal static class CompleteUpload
{
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Errors, by <c>code</c>: <c>invalid_pathname</c>, <c>invalid_parts</c> 400; <c>quota_exceeded</c> 402; <c>not_found</c> 404; <c>hash_mismatch</c> 422; <c>insufficient_storage</c> 507.</summary>
    /// <param name="Pathname">As it was at the beginning.</param>
    /// <param name="UploadId">The upload.</param>
    /// <param name="Parts">The parts that make the file, by rising numbers; 1 to 10,000. Parts that are not named are dropped.</param>
    public sealed record Request(string Pathname, string UploadId, IReadOnlyList<Part> Parts);

    /// <summary>A part as it was answered.</summary>
    /// <param name="Etag">The part's etag.</param>
    /// <param name="PartNumber">The part's number.</param>
    public sealed record Part(string Etag, int PartNumber);

    public static RouteHandlerBuilder Map(RouteGroupBuilder multipart) => multipart.MapPost("/complete", HandleAsync).WithName(nameof(CompleteUpload));

    private static async Task<Results<Ok<PutFile.Response>, ApiError>> HandleAsync(
        JsonBody<Request> body, Caller caller, Uploads uploads, Assembly assembly, IOptions<HubOptions> hub, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, MaxBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (!FilePath.TryRead(request.Pathname, out var sha256, out error)) return error;
        var upload = await uploads.FindAsync(request.UploadId, caller, stop);
        if (upload is null) return FileErrors.NoUpload(request.UploadId);
        if (sha256 != upload.Sha256) return ApiError.Invalid("pathname", $"the upload is of {FilePath.Of(upload.Sha256)}");
        if (upload.Status == Upload.Completed) return TypedResults.Ok(PutFile.Response.Of(sha256, upload.SizeBytes!.Value, hub.Value));

        var stored = await uploads.PartsAsync(upload.Id, stop);
        var chosen = Choose(request.Parts, stored, out error);
        if (chosen is null) return error!;
        var added = await assembly.RunAsync(upload, stored, chosen, caller, stop);
        return added.Error is null ? TypedResults.Ok(PutFile.Response.Of(sha256, added.SizeBytes!.Value, hub.Value)) : added.Error;
    }

    private static List<UploadPart>? Choose(IReadOnlyList<Part> wanted, List<UploadPart> stored, out ApiError? error)
    {
        var byNumber = stored.ToDictionary(part => part.Number);
        var chosen = new List<UploadPart>(wanted.Count);
        error = wanted.Count is >= 1 and <= SendPart.MaxParts ? null : ApiError.Invalid("parts", $"1 to {SendPart.MaxParts} parts");
        foreach (var part in error is null ? wanted : [])
        {
            if (part is null || !byNumber.TryGetValue(part.PartNumber, out var found)) error = ApiError.Invalid("parts", $"no part {part?.PartNumber} has arrived");
            else if (chosen.Count > 0 && chosen[^1].Number >= part.PartNumber) error = ApiError.Invalid("parts", $"must be in the order of their numbers; {part.PartNumber} is not");
            else if (part.Etag?.Trim('"') != found.ETag) error = ApiError.Invalid("parts", $"part {part.PartNumber} has another etag");
            else chosen.Add(found);
            if (error is not null) return null;
        }

        return error is null ? chosen : null;
    }
}
