namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>A file that nobody else sees and that goes away with its stream, or with the process.</summary>
internal static class TemporaryFile
{
    public static FileStream Create() => new(
        Path.Combine(Path.GetTempPath(), $"packrelay-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 64 * 1024,
        FileOptions.Asynchronous | FileOptions.DeleteOnClose);
}
