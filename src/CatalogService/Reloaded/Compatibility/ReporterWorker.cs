namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>Forgets, every few minutes, who reported on days that are over.</summary>
internal sealed partial class ReporterWorker(Reporters reporters, TimeProvider clock, ILogger<ReporterWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await reporters.ForgetAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // the next tick finds it all
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reporters of days that are over could not be forgotten; it is tried again")]
    private partial void PassFailed(Exception error);
}
