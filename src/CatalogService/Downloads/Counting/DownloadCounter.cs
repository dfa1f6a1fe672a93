using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Counting;

/// <summary>
/// Counts downloads before they are answered: an answered download is in the database. One commit serves all requests that came while the one before
/// was under way, so that a rush costs a commit every few milliseconds and not one each.
/// </summary>
internal sealed class DownloadCounter(NpgsqlDataSource db, TimeProvider clock)
{
    private const string AppendSql = "INSERT INTO download_batches (pack_id, day, downloads) SELECT pack_id, $3, downloads FROM unnest($1, $2) AS counted (pack_id, downloads)";

    private readonly Lock gate = new();

    private Batch next = new();

    private bool isCommitting;

    /// <summary>Returns when the download is safely counted.</summary>
    public Task CountAsync(Guid packId, CancellationToken stop)
    {
        Task counted;
        lock (gate)
        {
            next.Downloads[packId] = next.Downloads.GetValueOrDefault(packId) + 1;
            counted = next.Done.Task;
            if (!isCommitting)
            {
                isCommitting = true;
                _ = Task.Run(CommitAsync, CancellationToken.None); // its outcome is that of every batch
            }
        }

        return counted.WaitAsync(stop);
    }

    private async Task CommitAsync()
    {
        while (true)
        {
            Batch batch;
            lock (gate)
            {
                if (next.Downloads.Count == 0)
                {
                    isCommitting = false;
                    return;
                }

                (batch, next) = (next, new Batch());
            }

            try
            {
                var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                await db.ExecuteAsync(AppendSql, CancellationToken.None, batch.Downloads.Keys.ToArray(), batch.Downloads.Values.ToArray(), today);
                batch.Done.SetResult();
            }
            catch (Exception error)
            {
                batch.Done.SetException(error); // each of the requests fails with it
            }
        }
    }

    private sealed class Batch
    {
        public Dictionary<Guid, long> Downloads { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
