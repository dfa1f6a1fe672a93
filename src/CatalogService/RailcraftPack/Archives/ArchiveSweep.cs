using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>
/// Removes archives that nobody used for a time. First their bytes, which the collector takes out of the store unless something else has the same; a row that nobody uses for ten times as long goes as well, and its id with it.
/// </summary>
internal sealed partial class ArchiveSweep(NpgsqlDataSource db, IOptions<RailcraftOptions> options, TimeProvider clock, ILogger<ArchiveSweep> logger) : BackgroundService
{
    private const int RowLifetimes = 10;

    // Whoever asks for it at the same moment has either used it before, and it stays, or finds it unmade.
    private const string RemoveSql = """
        WITH old AS (
            SELECT id, sha256 FROM railcraft_archives WHERE last_used_at < $1 AND built_at IS NOT NULL ORDER BY last_used_at LIMIT 500 FOR UPDATE SKIP LOCKED),
        removed AS (
            UPDATE railcraft_archives a SET built_at = NULL, sha256 = NULL, size_bytes = NULL, due_at = 'infinity' FROM old WHERE a.id = old.id),
        noted AS (
            INSERT INTO removed_files (sha256, removed_at) SELECT DISTINCT decode(sha256, 'hex'), $2::timestamptz FROM old ON CONFLICT DO NOTHING)
        SELECT count(*) FROM old
        """;

    private const string ForgetSql = "DELETE FROM railcraft_archives WHERE last_used_at < $1 AND built_at IS NULL";

    /// <summary>Removes what is due.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var removed = 0L;
        while (await db.ScalarAsync<long>(RemoveSql, stop, now - options.Value.ArchiveLifetime, now) is var some and > 0) removed += some;
        var forgotten = await db.ExecuteAsync(ForgetSql, stop, now - (options.Value.ArchiveLifetime * RowLifetimes));
        if (removed + forgotten > 0) Swept(removed, forgotten);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(error); // the next one goes on
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Removed} archives without use, and forgot {Forgotten}")]
    private partial void Swept(long removed, int forgotten);

    [LoggerMessage(Level = LogLevel.Error, Message = "Removing archives failed")]
    private partial void SweepFailed(Exception error);
}
