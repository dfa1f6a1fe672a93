namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>Tells a full disk from other failures to write.</summary>
internal static class DiskSpace
{
    private const int NoSpaceLeft = 28; // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>On Unix the framework passes the error number of the operating system on as HResult.</summary>
    public static bool IsExhausted(IOException error) => error.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull;
}
