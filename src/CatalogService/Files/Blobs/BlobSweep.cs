namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>Clears, at start, what uploads left behind when the service died under them.</summary>
internal sealed partial class BlobSweep(BlobFolder blobs, ILogger<BlobSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var removed = await Task.Run(blobs.Sweep, stoppingToken);
        if (removed > 0) Swept(removed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} unfinished uploads of a process that died")]
    private partial void Swept(int count);
}
