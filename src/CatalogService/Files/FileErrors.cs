using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files;

internal static class FileErrors
{
    /// <summary>422: the bytes that arrived have another hash than the path says.</summary>
    public const string HashMismatch = "hash_mismatch";

    /// <summary>507: the disk is full; nothing was stored.</summary>
    public const string InsufficientStorage = "insufficient_storage";

    /// <summary>409: the account has as many unfinished uploads as one may have.</summary>
    public const string TooManyUploads = "too_many_uploads";

    /// <summary>416: the content ends before the part that was asked for; Content-Range says where.</summary>
    public const string InvalidRange = "invalid_range";

    public static ApiError Mismatch() => ApiError.Unprocessable(HashMismatch, "the SHA-256 of what arrived is not the one in pathname; nothing was stored");

    public static ApiError OutOfSpace() => new(StatusCodes.Status507InsufficientStorage, InsufficientStorage, "the hub has no room left for this file; nothing was stored");

    public static ApiError NoUpload(string uploadId) => ApiError.NotFound("upload", uploadId);

    /// <summary>The answer to content that was not stored.</summary>
    public static ApiError Of(BlobOutcome outcome, long limitBytes) => outcome switch
    {
        BlobOutcome.TooLarge => ApiError.TooLarge(limitBytes),
        BlobOutcome.HashMismatch => Mismatch(),
        BlobOutcome.OutOfSpace => OutOfSpace(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "It was stored."),
    };
}
