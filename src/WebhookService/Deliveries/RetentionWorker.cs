using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Forgets, once an hour, deliveries with their attempts and entries of the feed that are older than the retention. Several replicas may do it at once.</summary>
internal sealed partial class RetentionWorker(IOptions<DeliveryOptions> options, NpgsqlDataSource db, TimeProvider clock, ILogger<RetentionWorker> logger) : BackgroundService
{
    private const int BatchSize = 1_000; // a short transaction each, however much has come together

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Ids begin with their time, so the primary key finds the old ones. An old one that was asked for again goes out before it goes.
    private const string DeleteDeliveriesSql = """
        DELETE FROM deliveries WHERE id IN (
            SELECT d.id FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
             WHERE d.id < $1 AND (d.status <> 'pending' OR NOT e.enabled) ORDER BY d.id LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
        """;

    private const string DeleteFeedSql = "DELETE FROM feed WHERE at < $1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // in an hour again
            }
        }
    }

    private async Task SweepAsync(CancellationToken stop)
    {
        var end = clock.GetUtcNow() - options.Value.Retention;
        while (await db.ExecuteAsync(DeleteDeliveriesSql, stop, TimeOrderedIds.FirstAt(end), BatchSize) == BatchSize)
        {
        }

        await db.ExecuteAsync(DeleteFeedSql, stop, end); // a row per endpoint that was disabled: few
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Clearing away old webhook deliveries failed")]
    private partial void PassFailed(Exception error);
}
