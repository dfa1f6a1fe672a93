using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>
/// Forgets, a minute after the start and then once an hour, deliveries with their attempts and entries of the feed that are older than the retention, and all that endpoints had that were deleted.
/// Several replicas may do it at once.
/// </summary>
internal sealed partial class RetentionWorker(IOptions<DeliveryOptions> options, NpgsqlDataSource db, TimeProvider clock, ILogger<RetentionWorker> logger) : BackgroundService
{
    private const int BatchSize = 1_000; // a short transaction each, however much has come together

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Until the first pass: a service that never runs for an hour clears away too, and one that starts has more urgent things to do.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    // Ids begin with their time, so the primary key finds the old ones. An old one that was asked for again goes out before it goes.
    private const string DeleteDeliveriesSql = """
        DELETE FROM deliveries WHERE id IN (
            SELECT d.id FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
             WHERE d.id < $1 AND (d.status <> 'pending' OR NOT e.enabled) ORDER BY d.id LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
        """;

    private const string DeleteFeedSql = "DELETE FROM feed WHERE at < $1";

    private const string DeletedSql = "SELECT id FROM endpoints WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1000"; // more than these in the next hour

    private const string DeleteDeliveriesOfSql = """
        DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE endpoint_id = $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    // What another replica is removing at this moment was passed over: then the endpoint goes with that one's last batch, or in an hour.
    private const string DeleteEndpointSql = "DELETE FROM endpoints WHERE id = $1 AND NOT EXISTS (SELECT FROM deliveries WHERE endpoint_id = $1)";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FirstPause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (timer.Period != Interval) timer.Period = Interval;
            try
            {
                await RemoveDeletedAsync(stoppingToken);
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

    private async Task RemoveDeletedAsync(CancellationToken stop)
    {
        foreach (var endpoint in await db.ListAsync(DeletedSql, row => row.GetGuid(0), stop))
        {
            while (await db.ExecuteAsync(DeleteDeliveriesOfSql, stop, endpoint, BatchSize) == BatchSize)
            {
            }

            await db.ExecuteAsync(DeleteEndpointSql, stop, endpoint);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Clearing away old webhook deliveries failed")]
    private partial void PassFailed(Exception error);
}
