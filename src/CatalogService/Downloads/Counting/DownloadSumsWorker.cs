using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Downloads.Counting;

/// <summary>Keeps the packs' download counts up to date.</summary>
internal sealed partial class DownloadSumsWorker(DownloadSums sums, IOptions<DownloadOptions> options, TimeProvider clock, ILogger<DownloadSumsWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CountInterval, clock);
        do
        {
            try
            {
                while (await sums.RunAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // nothing was taken away: the next tick finds it all
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Downloads could not be brought to the packs' pages; they are kept and brought later")]
    private partial void PassFailed(Exception error);
}
