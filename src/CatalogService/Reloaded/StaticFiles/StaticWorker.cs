using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>Keeps the static files up to date.</summary>
internal sealed partial class StaticWorker(StaticPass pass, IOptions<ReloadedOptions> options, TimeProvider clock, ILogger<StaticWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.StaticInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await pass.RunAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // the database is away: all of it is still due, and the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Static files of packages could not be written; it is tried again")]
    private partial void PassFailed(Exception error);
}
