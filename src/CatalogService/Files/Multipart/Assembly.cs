using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary>
/// Makes a file of parts: they are read one after the other and written as one, hashed on the way. SHA-256 cannot be had from the hashes of parts, so there
/// is no way round reading them.
/// </summary>
internal sealed class Assembly(IBlobStore blobs, StoredFiles files, Uploads uploads, IOptions<UploadOptions> options)
{
    public async Task<FileAddition> RunAsync(Upload upload, List<UploadPart> stored, List<UploadPart> chosen, Caller caller, CancellationToken stop)
    {
        var origin = new FileOrigin(connection => BeginAsync(connection, upload, caller, stop), (connection, file) => uploads.EndAsync(connection, upload.Id, Upload.Completed, file.SizeBytes, stop));
        var added = default(FileAddition);
        try
        {
            await using var content = new PartsStream(blobs, upload.Id, chosen);
            added = await files.AddAsync(content, upload.Sha256, options.Value.MaxMultipartFileBytes, caller, origin, stop);
        }
        catch (PartGoneException)
        {
            // Seen below.
        }

        if (added == default) return await SeeAsync(upload, caller, stop);
        if (added.Error is null) await blobs.DeletePartsAsync(upload.Id, stored.Select(part => part.Name), CancellationToken.None);
        return added;
    }

    private static async Task<long?> BeginAsync(NpgsqlConnection connection, Upload upload, Caller caller, CancellationToken stop) =>
        await Uploads.LockAsync(connection, upload.Id, caller, stop) is { Status: Upload.Open } ? await Uploads.SumAsync(connection, upload.Id, stop) : null;

    /// <summary>Somebody else was at the same upload: what they did decides.</summary>
    private async Task<FileAddition> SeeAsync(Upload upload, Caller caller, CancellationToken stop)
    {
        var id = upload.Id.ToString("N");
        return await uploads.FindAsync(id, caller, stop) switch
        {
            null => new FileAddition(Error: FileErrors.NoUpload(id)),
            { Status: Upload.Completed } completed => new FileAddition(completed.SizeBytes),
            _ => new FileAddition(Error: ApiError.Invalid("parts", "a part was sent again meanwhile; ask for the parts and complete the upload once more")),
        };
    }
}
