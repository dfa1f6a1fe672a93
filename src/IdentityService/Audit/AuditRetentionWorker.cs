using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Audit;

/// <summary>Forgets, once an hour, what is older than the retention. Several replicas may do it at once.</summary>
internal sealed partial class AuditRetentionWorker(
    IOptions<AuditOptions> options, NpgsqlDataSource db, TimeProvider clock, ILogger<AuditRetentionWorker> logger) : BackgroundService
{
    private const int BatchSize = 5_000; // a short transaction each, however much has come together

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const string DeleteSql = "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE id < $1 ORDER BY id LIMIT $2)";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var end = TimeOrderedIds.FirstAt(clock.GetUtcNow() - options.Value.Retention);
                while (await db.ExecuteAsync(DeleteSql, stoppingToken, end, BatchSize) == BatchSize)
                {
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // in an hour again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Clearing away old audit entries failed")]
    private partial void PassFailed(Exception error);
}
