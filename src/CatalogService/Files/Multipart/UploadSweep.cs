using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary>Removes uploads that gave no sign of life for a day, whether they are finished or not, with what is left of their parts, and gives the room back.</summary>
internal sealed class UploadSweep(NpgsqlDataSource db, IBlobStore blobs, IOptions<UploadOptions> options, TimeProvider clock)
{
    // One upload a transaction. Locked rows are passed over: another replica has them, or a client just came back to them.
    private const string ClaimSql = "SELECT id, account_id, status FROM uploads WHERE touched_at < $1 ORDER BY touched_at LIMIT 1 FOR UPDATE SKIP LOCKED";

    private const string PartsSql = "SELECT name, size_bytes FROM upload_parts WHERE upload_id = $1";

    private const string RemoveSql = "DELETE FROM uploads WHERE id = $1";

    /// <summary>Removes all that are due and gives their number.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var before = clock.GetUtcNow() - options.Value.UploadsKeptFor;
        var removed = 0;
        while (await db.InTransactionAsync(connection => RemoveOneAsync(connection, before, stop), stop)) removed++;
        return removed;
    }

    private async Task<bool> RemoveOneAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken stop)
    {
        var upload = await connection.FirstAsync(ClaimSql, row => new Claimed(row.GetGuid(0), row.GetGuid(1), row.GetString(2)), stop, before);
        if (upload is null) return false;
        var parts = await connection.ListAsync(PartsSql, row => (Name: row.GetString(0), SizeBytes: row.GetInt64(1)), stop, upload.Id);
        // The bytes first: should this end halfway, the row is there still and the next pass goes on.
        await blobs.DeletePartsAsync(upload.Id, parts.Select(part => part.Name), stop);
        if (upload.Status == Upload.Open) await StorageAccounts.ChargeAsync(connection, upload.AccountId, 0, -parts.Sum(part => part.SizeBytes), limitBytes: 0, stop);
        await connection.ExecuteAsync(RemoveSql, stop, upload.Id);
        return true;
    }

    private sealed record Claimed(Guid Id, Guid AccountId, string Status);
}

/// <summary>Lets the sweep run now and then.</summary>
internal sealed partial class UploadSweepWorker(UploadSweep sweep, IOptions<UploadOptions> options, TimeProvider clock, ILogger<UploadSweepWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.UploadSweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removed = await sweep.RunAsync(stoppingToken);
                if (removed > 0) Swept(removed);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(error); // the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} uploads that were over or abandoned")]
    private partial void Swept(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweeping uploads failed")]
    private partial void SweepFailed(Exception error);
}
