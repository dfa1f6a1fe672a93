using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files;

internal static class FileErrors
{
    /// <summary>422: the bytes that arrived have another hash than the path says.</summary>
    public const string HashMismatch = "hash_mismatch";

    /// <summary>507: the disk is full; nothing was stored.</summary>
    public const string InsufficientStorage = "insufficient_storage";

    public static ApiError Mismatch() => ApiError.Unprocessable(HashMismatch, "the body's SHA-256 is not the one in pathname; nothing was stored");

    public static ApiError OutOfSpace() => new(StatusCodes.Status507InsufficientStorage, InsufficientStorage, "the hub has no room left for this file; nothing was stored");
}
