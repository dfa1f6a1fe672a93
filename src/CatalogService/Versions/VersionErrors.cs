using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Versions;

internal static class VersionErrors
{
    /// <summary>400: the body is JSON, but not a manifest; <c>details</c> says where.</summary>
    public const string ManifestShape = "manifest_shape";

    /// <summary>400: the manifest's name is not the pack's slug.</summary>
    public const string SlugMismatch = "slug_mismatch";

    /// <summary>409: the pack has this version; versions never change.</summary>
    public const string DuplicateVersion = "duplicate_version";

    /// <summary>422: nobody registered the key that the signature names.</summary>
    public const string UnknownKey = "unknown_key";

    /// <summary>422: the key was revoked.</summary>
    public const string KeyRevoked = "key_revoked";

    /// <summary>403: the key belongs to another account.</summary>
    public const string KeyNotYours = "key_not_yours";

    /// <summary>422: the key did not sign this.</summary>
    public const string InvalidSignature = "invalid_signature";

    /// <summary>422: files that were not uploaded, or are there with another size; <c>missing</c> lists their hashes.</summary>
    public const string MissingFiles = "missing_files";

    /// <summary>422: files of kinds that are not allowed; <c>details</c> says which, and the version is kept, invisible, as rejected.</summary>
    public const string ScanRejected = "scan_rejected";

    /// <summary>410: the publisher took the version back.</summary>
    public const string Withdrawn = "withdrawn";

    public static ApiError NotFound(string slug, string version) => ApiError.NotFound("version", $"{slug}@{version}");

    /// <summary>The same for a pack without versions and for one that does not exist, or not for this caller.</summary>
    public static ApiError NonePublished(string slug) => ApiError.NotFound("published version of the pack", slug);

    public static ApiError Gone(string slug, string version) =>
        new(StatusCodes.Status410Gone, Withdrawn, $"the version '{slug}@{version}' was withdrawn by its publisher");

    public static ApiError Revoked(string keyId) => ApiError.Unprocessable(KeyRevoked, $"signature.publicKeyId: the key '{keyId}' was revoked");

    public static ApiError Duplicate(string slug, string version) =>
        ApiError.Conflict(DuplicateVersion, $"version: '{slug}@{version}' is published already, and versions never change");

    public static ApiError Missing(IReadOnlyList<string> missing) =>
        new(StatusCodes.Status422UnprocessableEntity, MissingFiles, $"files: not uploaded, or of another size than the manifest says: {missing.Count}") { Missing = missing };

    public static ApiError Rejected(IReadOnlyList<ErrorDetail> problems) =>
        new(StatusCodes.Status422UnprocessableEntity, ScanRejected, "the version holds files that are not allowed") { Details = problems };
}
