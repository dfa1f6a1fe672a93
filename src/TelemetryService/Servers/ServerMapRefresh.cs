namespace PackRelay.TelemetryService.Servers;

/// <summary>
/// Copies what changed in the projection into this replica's map: everything after a start, so that the first beats cost no query each,
/// and then what an event did not bring because the broker was away from this replica for a moment.
/// </summary>
internal sealed class ServerMapRefresh(ServerQueries queries, ServerMap map)
{
    // Rows are stamped before they are committed, so one may appear behind the newest that was seen.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private DateTimeOffset after = DateTimeOffset.UnixEpoch;

    public async Task RunAsync(CancellationToken stop)
    {
        var now = await queries.NowAsync(stop);
        foreach (var pack in await queries.ChangedPacksAsync(after, stop)) map.Put(pack);
        foreach (var server in await queries.ChangedServersAsync(after, stop)) map.Put(server);
        after = now - Overlap;
    }
}

/// <summary>Refreshes every few seconds.</summary>
internal sealed partial class ServerMapRefreshWorker(ServerMapRefresh refresh, TimeProvider clock, ILogger<ServerMapRefreshWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await refresh.RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                RefreshFailed(error); // the next tick tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The servers could not be read from the projection")]
    private partial void RefreshFailed(Exception error);
}
