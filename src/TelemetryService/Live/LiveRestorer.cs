namespace PackRelay.TelemetryService.Live;

/// <summary>Brings the beats that this replica kept during an outage of Redis over to Redis, within about a second of its return.</summary>
internal sealed partial class LiveRestorer(LocalLiveState local, LiveState live, StatusJournal journal, ILogger<LiveRestorer> logger) : BackgroundService
{
    private const int BatchSize = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval); // the machine's clock, as for every outage
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (local.Take(BatchSize) is { Count: > 0 } beats)
                {
                    var stamps = await live.RestoreAsync(beats, stoppingToken);
                    local.Forget(beats);
                    for (var i = 0; i < beats.Count; i++) journal.Follow(beats[i], stamps[i]);
                }
            }
            catch (Exception error) when (LiveState.IsOutage(error))
            {
                // Still away; the outage is logged where beats meet it.
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                RestoreFailed(error); // the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Beats that were kept while Redis was away could not be brought over")]
    private partial void RestoreFailed(Exception error);
}
