using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>
/// Builds bundles soon after they are wanted, with two builders: one takes those that downloads may wait for, the other the bigger ones. While versions are being published a
/// builder rests most of the time, unless a download waits: who publishes a thousand versions in a row does not compete with their bundles.
/// </summary>
internal sealed partial class BundleWorker(
    BundlePass pass, PublishPace pace, NpgsqlDataSource db, IOptions<DownloadOptions> options, TimeProvider clock, ILogger<BundleWorker> logger) : BackgroundService
{
    private const int RestPerWork = 9;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1); // between a publish, which wakes nobody, and its bundle

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RunAsync(new(0, options.Value.BundleWaitMaxBytes), stoppingToken), RunAsync(new(options.Value.BundleWaitMaxBytes + 1, long.MaxValue), stoppingToken));

    private async Task RunAsync(BundleSizes sizes, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await db.ListenAsync("bundles", session => BuildAsync(session, sizes, stop), stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                PassFailed(error);
                await Task.Delay(PauseAfterFailure, clock, stop);
            }
        }
    }

    private async Task BuildAsync(NpgsqlConnection session, BundleSizes sizes, CancellationToken stop)
    {
        var isWaitedFor = false; // also when it was heard amid the statements of a pass
        session.Notification += (_, _) => isWaitedFor = true;
        while (true)
        {
            isWaitedFor = false;
            var started = clock.GetTimestamp();
            var hasBuilt = await pass.RunAsync(session, sizes, stop);
            var worked = clock.GetElapsedTime(started);
            var rest = !hasBuilt ? LongestSleep : pace.IsBusy ? worked * RestPerWork : TimeSpan.Zero;
            if (rest > TimeSpan.Zero && !isWaitedFor) await session.HearAsync(rest, stop); // or until a download waits
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bundles cannot be built at the moment; they are taken up again")]
    private partial void PassFailed(Exception error);
}
