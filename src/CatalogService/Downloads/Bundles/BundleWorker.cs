using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>Builds bundles as soon as they are wanted, two at a time: one builder takes those that downloads wait for, the other takes all.</summary>
internal sealed partial class BundleWorker(BundlePass pass, NpgsqlDataSource db, IOptions<DownloadOptions> options, TimeProvider clock, ILogger<BundleWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RunAsync(options.Value.BundleWaitMaxBytes, stoppingToken), RunAsync(long.MaxValue, stoppingToken));

    private async Task RunAsync(long maxBytes, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await db.ListenAsync("bundles", session => BuildAsync(session, maxBytes, stop), stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                PassFailed(error);
                await Task.Delay(PauseAfterFailure, clock, stop);
            }
        }
    }

    private async Task BuildAsync(NpgsqlConnection session, long maxBytes, CancellationToken stop)
    {
        while (true)
        {
            while (await pass.RunAsync(session, maxBytes, stop))
            {
            }

            await session.WaitAsync(LongestSleep, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bundles cannot be built at the moment; they are taken up again")]
    private partial void PassFailed(Exception error);
}
