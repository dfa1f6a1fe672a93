using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.TelemetryService.Live;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>
/// Tells the catalog the uptime of servers that are offline: it falls with every slot in which they are not heard, until it is 0 after 7 days. Each is
/// computed anew once in 10 minutes, in which it falls by a tenth of a percent. Replicas share the work, row by row.
/// </summary>
internal sealed class OfflineUptime(NpgsqlDataSource db, UptimeQueries uptime, LiveAnnouncer announcer, TimeProvider clock)
{
    private const int BatchSize = 500;

    private const string TakeSql = """
        WITH due AS (
            SELECT server_id FROM server_status WHERE NOT online AND uptime_at < $1 AND last_seen_at > $2 ORDER BY uptime_at LIMIT $3 FOR UPDATE SKIP LOCKED)
        UPDATE server_status u SET uptime_at = $4 FROM due, servers s WHERE u.server_id = due.server_id AND s.id = due.server_id AND NOT s.removed
        RETURNING u.server_id, s.created_at, u.last_seen_at
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Fall = TimeSpan.FromDays(8); // a day more than it takes to reach 0

    /// <summary>Gives the number of servers whose uptime was computed.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var count = 0;
        while (true)
        {
            var told = await db.InTransactionAsync(connection => TakeAsync(connection, now, stop), stop);
            foreach (var server in told) announcer.Note(server);
            count += told.Count;
            if (told.Count < BatchSize) return count;
        }
    }

    private async Task<List<LiveServer>> TakeAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken stop)
    {
        var due = await connection.ListAsync(
            TakeSql, row => (Id: row.GetGuid(0), CreatedAt: row.GetFieldValue<DateTimeOffset>(1), LastSeenAt: row.GetFieldValue<DateTimeOffset>(2)), stop,
            now - Interval, now - Fall, BatchSize, now);
        var percents = await uptime.PercentsAsync(connection, [.. due.Select(server => (server.Id, server.CreatedAt))], now, stop);
        return [.. due.Select(server => new LiveServer(server.Id, CurrentPlayers: 0, MaxPlayers: null, server.LastSeenAt, Online: false, percents[server.Id]))];
    }
}

/// <summary>Looks every few seconds for servers whose turn it is.</summary>
internal sealed partial class OfflineUptimeWorker(OfflineUptime uptime, TimeProvider clock, ILogger<OfflineUptimeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await uptime.RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(error); // the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The uptime of servers that are offline could not be computed")]
    private partial void Failed(Exception error);
}
