using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Stats;

/// <summary>Counts at a steady pace, also while nobody asks: the peak of a day is that of the counts.</summary>
internal sealed partial class HubStatsWorker(HubStats stats, IOptions<StatsOptions> options, TimeProvider clock, ILogger<HubStatsWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await stats.CountAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                CountFailed(error); // the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub's numbers could not be counted; the last ones are given out")]
    private partial void CountFailed(Exception error);
}
