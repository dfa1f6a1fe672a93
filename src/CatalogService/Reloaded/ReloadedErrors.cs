namespace PackRelay.CatalogService.Reloaded;

/// <summary>Codes of the dialect.</summary>
internal static class ReloadedErrors
{
    /// <summary>400: the body is not MessagePack, or not such as JSON could say.</summary>
    public const string InvalidMessagePack = "invalid_messagepack";

    /// <summary>400: the body is not what its Content-Encoding says, or breaks off.</summary>
    public const string InvalidEncoding = "invalid_encoding";

    /// <summary>400: a batch without items, or with more than 500.</summary>
    public const string InvalidBatch = "invalid_batch";

    /// <summary>409: the package has this version with another content; versions never change.</summary>
    public const string PackageVersionExists = "package_version_exists";

    /// <summary>409: the package's versions together would hold more than one package may; see <see cref="Packages.PackageSize"/>.</summary>
    public const string PackageFull = "package_full";

    /// <summary>409: another package's id has the same hash, by which clients would find that one.</summary>
    public const string PackageHashTaken = "package_hash_taken";

    /// <summary>409: a file of a site has another hash or size than the one that the version had there.</summary>
    public const string FileChanged = "file_changed";

    /// <summary>503: the operator gave no key for SteamGridDB.</summary>
    public const string SteamGridDbNotConfigured = "steamgriddb_not_configured";
}
