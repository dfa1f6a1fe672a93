using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary><c>DELETE /api/v1/files/multipart?uploadId=</c>: gives an upload up. Errors: <c>not_found</c> 404, also once it is completed.</summary>
internal static class AbortUpload
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder multipart) => multipart.MapDelete("/", HandleAsync).WithName(nameof(AbortUpload))
        .TakesQuery("uploadId", "The upload.", required: true);

    private static async Task<Results<NoContent, ApiError>> HandleAsync(
        HttpRequest request, Caller caller, Uploads uploads, NpgsqlDataSource db, IBlobStore blobs, CancellationToken stop)
    {
        var uploadId = request.Query["uploadId"].ToString();
        if (await uploads.FindAsync(uploadId, caller, stop) is not { Status: Upload.Open } upload) return FileErrors.NoUpload(uploadId);
        var parts = await uploads.PartsAsync(upload.Id, stop);
        var isAborted = await db.InTransactionAsync(
            async connection =>
            {
                if (await Uploads.LockAsync(connection, upload.Id, caller, stop) is not { Status: Upload.Open }) return false;
                var pendingBytes = await Uploads.SumAsync(connection, upload.Id, stop);
                await StorageAccounts.ChargeAsync(connection, caller.AccountId, 0, -pendingBytes, limitBytes: 0, stop);
                await uploads.EndAsync(connection, upload.Id, "aborted", sizeBytes: null, stop);
                return true;
            },
            stop);
        if (!isAborted) return FileErrors.NoUpload(uploadId);
        await blobs.DeletePartsAsync(upload.Id, parts.Select(part => part.Name), CancellationToken.None);
        return TypedResults.NoContent();
    }
}
