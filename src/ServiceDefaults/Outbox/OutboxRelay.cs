using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.ServiceDefaults.Outbox;

/// <summary>Drains the outbox whenever a commit notifies it, and every few seconds in case a notification got lost with its connection.</summary>
internal sealed partial class OutboxRelay(OutboxPass pass, DurableTopology topology, NpgsqlDataSource db, OutboxMetrics metrics, TimeProvider clock, ILogger<OutboxRelay> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    // A pass costs a commit and a wait for the broker, however little it takes along. The first event after a silence leaves at once; those that a busy hub
    // commits within these milliseconds leave together.
    private static readonly TimeSpan ShortestPass = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DrainUntilFailureAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Broker or database away: the rows wait. Once a second is soon enough, and the log does not drown.
                metrics.Failed();
                PassFailed(error);
                await Task.Delay(PauseAfterFailure, clock, stoppingToken);
            }
        }
    }

    private async Task DrainUntilFailureAsync(CancellationToken stop)
    {
        await topology.DeclareAsync(stop); // again after every failure: a broker that lost its data would otherwise drop what we publish
        await db.ListenAsync("outbox", listener => DrainAsync(listener, stop), stop);
    }

    private async Task DrainAsync(NpgsqlConnection listener, CancellationToken stop)
    {
        while (true)
        {
            for (var started = Stopwatch.GetTimestamp(); await pass.RunAsync(stop) > 0; started = Stopwatch.GetTimestamp())
            {
                var pause = ShortestPass - Stopwatch.GetElapsedTime(started);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, TimeProvider.System, stop); // the machine's clock: this is about milliseconds of work, not about the time of day
            }

            await listener.HearAsync(LongestSleep, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox pass failed; committed events wait and are sent again")]
    private partial void PassFailed(Exception error);
}
