using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>Makes archives as soon as clients ask for them, with some builders side by side: a big pack is not in the way of a small patch.</summary>
internal sealed partial class ArchiveWorker(ArchivePass pass, NpgsqlDataSource db, IOptions<RailcraftOptions> options, TimeProvider clock, ILogger<ArchiveWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5); // for what failed before, or what a replica that died left behind

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, options.Value.Builders).Select(_ => RunAsync(stoppingToken)));

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await db.ListenAsync("railcraft_archives", session => BuildAsync(session, stop), stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                PassFailed(error);
                await Task.Delay(PauseAfterFailure, clock, stop);
            }
        }
    }

    private async Task BuildAsync(NpgsqlConnection session, CancellationToken stop)
    {
        var isWaitedFor = false; // also when it was heard amid the statements of a pass
        session.Notification += (_, _) => isWaitedFor = true;
        while (true)
        {
            isWaitedFor = false;
            if (!await pass.RunAsync(session, stop) && !isWaitedFor) await session.HearAsync(LongestSleep, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Archives cannot be made at the moment; they are taken up again")]
    private partial void PassFailed(Exception error);
}
