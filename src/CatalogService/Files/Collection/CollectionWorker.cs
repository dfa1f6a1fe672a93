using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Files.Collection;

/// <summary>Lets the collector run now and then. Several replicas take turns by its lock.</summary>
internal sealed partial class CollectionWorker(FileCollector collector, IOptions<CollectionOptions> options, TimeProvider clock, ILogger<CollectionWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removed = await collector.RunAsync(stoppingToken);
                if (removed > 0) Collected(removed);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                CollectionFailed(error); // the next pass goes on where this one ended
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} files that nothing needed")]
    private partial void Collected(long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Collecting files failed")]
    private partial void CollectionFailed(Exception error);
}
