using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files;

/// <summary><c>PUT /api/v1/files/put?pathname=packs/files/&lt;sha256&gt;</c>: the body is the file, of whatever content type. Errors: <c>hash_mismatch</c> 422, <c>insufficient_storage</c> 507.</summary>
internal static class PutFile
{
    private const string Prefix = "packs/files/";

    private const string InsertSql = "INSERT INTO files (sha256, size_bytes, uploader_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    /// <summary>A stored file.</summary>
    /// <param name="Ok">True.</param>
    /// <param name="Pathname">As it was asked for.</param>
    /// <param name="Url">Where the file is served.</param>
    /// <param name="Size">Its size in bytes.</param>
    public sealed record Response(bool Ok, string Pathname, string Url, long Size);

    public static RouteHandlerBuilder Map(RouteGroupBuilder files) => files
        .MapPut("/put", HandleAsync)
        .TakesQuery("pathname", "`packs/files/` and the file's SHA-256.", new { type = "string", pattern = "^packs/files/[0-9a-f]{64}$" }, required: true, code: "invalid_pathname")
        .TakesBody("application/octet-stream", "The file.")
        .WithMetadata(new DisableRequestSizeLimitAttribute()) // the file's own limit is checked while it arrives
        .WithName(nameof(PutFile));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        HttpRequest request, Caller caller, IBlobStore blobs, IOptions<UploadOptions> options, IOptions<HubOptions> hub, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var pathname = request.Query["pathname"].ToString();
        if (!pathname.StartsWith(Prefix, StringComparison.Ordinal) || !Sha256Hex.IsValid(pathname.AsSpan(Prefix.Length)))
            return ApiError.Invalid("pathname", $"{Prefix} and the file's SHA-256, 64 lower-case hexadecimal digits");
        var limitBytes = options.Value.MaxFileBytes;
        if (request.ContentLength > limitBytes) return ApiError.TooLarge(limitBytes);

        var sha256 = pathname[Prefix.Length..];
        var (outcome, _, sizeBytes) = await blobs.WriteAsync(request.Body, sha256, limitBytes, stop);
        if (outcome == BlobOutcome.TooLarge) return ApiError.TooLarge(limitBytes);
        if (outcome == BlobOutcome.HashMismatch) return FileErrors.Mismatch();
        if (outcome == BlobOutcome.OutOfSpace) return FileErrors.OutOfSpace();
        await db.ExecuteAsync(InsertSql, stop, Convert.FromHexString(sha256), sizeBytes, caller.AccountId, clock.GetUtcNow());
        return TypedResults.Ok(new Response(Ok: true, pathname, hub.Value.Link($"/api/v1/files/{sha256}"), sizeBytes));
    }
}
