namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>Clears, at start, what uploads into the folder left behind when the service died under them.</summary>
internal sealed partial class BlobSweep(IBlobStore blobs, ILogger<BlobSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (blobs is not BlobFolder folder) return; // a bucket's lifecycle rule does it there
        var removed = await Task.Run(folder.Sweep, stoppingToken);
        if (removed > 0) Swept(removed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} unfinished uploads of a process that died")]
    private partial void Swept(int count);
}
