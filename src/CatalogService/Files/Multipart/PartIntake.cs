using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary>Takes parts: the bytes durably first, then the row that says so, within what the account and the file may have.</summary>
internal sealed class PartIntake(NpgsqlDataSource db, IBlobStore blobs, Uploads uploads, StoredFiles files, IOptions<UploadOptions> options)
{
    private const int ETagLength = 32;

    public async Task<(UploadPart? Part, ApiError? Error)> TakeAsync(Upload upload, int number, Stream content, long? sizeBytes, Caller caller, CancellationToken stop)
    {
        if (sizeBytes is { } known && await files.CheckRoomAsync(caller, known, upload.Sha256, stop) is { } refusal) return (null, refusal);

        // Another name each time: a part that was acknowledged stays until the one that takes its place is acknowledged too.
        var name = $"{number}-{Guid.NewGuid():N}";
        var staged = await blobs.WritePartAsync(upload.Id, name, content, SendPart.MaxPartBytes, stop);
        if (staged.Outcome != BlobOutcome.Stored) return (null, FileErrors.Of(staged.Outcome, SendPart.MaxPartBytes));
        var part = new UploadPart(number, name, staged.Sha256[..ETagLength], staged.SizeBytes);
        var unused = name;
        try
        {
            var (error, replaced) = await db.InTransactionAsync(connection => PutAsync(connection, upload.Id, part, caller, stop), stop);
            unused = error is null ? replaced : name;
            return (error is null ? part : null, error);
        }
        finally
        {
            if (unused is not null) await blobs.DeletePartAsync(upload.Id, unused, CancellationToken.None);
        }
    }

    private async Task<(ApiError? Error, string? ReplacedName)> PutAsync(NpgsqlConnection connection, Guid uploadId, UploadPart part, Caller caller, CancellationToken stop)
    {
        if (await Uploads.LockAsync(connection, uploadId, caller, stop) is not { Status: Upload.Open }) return (FileErrors.NoUpload(uploadId.ToString("N")), null);
        var before = await Uploads.PartAsync(connection, uploadId, part.Number, stop);
        var addedBytes = part.SizeBytes - (before?.SizeBytes ?? 0);
        var maxBytes = options.Value.MaxMultipartFileBytes;
        if (await Uploads.SumAsync(connection, uploadId, stop) + addedBytes > maxBytes) return (ApiError.TooLarge(maxBytes), null);
        var limitBytes = files.LimitBytes(caller);
        if (!await StorageAccounts.ChargeAsync(connection, caller.AccountId, 0, addedBytes, limitBytes, stop))
            return (PlanErrors.StorageExceeded(caller, await StorageAccounts.UsedAsync(connection, caller.AccountId, stop), limitBytes), null);
        await uploads.PutPartAsync(connection, uploadId, part, stop);
        return (null, before?.Name);
    }
}
