using Npgsql;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>
/// Writes what many ask for at about the same time in one statement: whatever came while one commit was under way goes with the next. Nobody waits for others to come,
/// and everybody's task ends when their own item is committed.
/// </summary>
/// <typeparam name="T">What is written.</typeparam>
/// <param name="write">Writes items, at most <paramref name="limit"/> of them, in one transaction.</param>
/// <param name="limit">The most items of one statement.</param>
public sealed class SharedCommit<T>(Func<IReadOnlyList<T>, CancellationToken, Task> write, int limit = 500)
{
    private readonly Lock gate = new();

    private readonly Queue<Waiting> queue = new();

    private bool isCommitting;

    /// <summary>Returns when the item is committed; fails when it, and not only another of its batch, cannot be.</summary>
    /// <param name="item">What to write.</param>
    /// <param name="stop">Ends the waiting; the item may be written all the same.</param>
    public Task WriteAsync(T item, CancellationToken stop)
    {
        var waiting = new Waiting(item);
        lock (gate)
        {
            queue.Enqueue(waiting);
            if (!isCommitting)
            {
                isCommitting = true;
                _ = Task.Run(CommitAsync, CancellationToken.None); // its outcome is that of every item
            }
        }

        return waiting.Done.Task.WaitAsync(stop);
    }

    private async Task CommitAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                await WriteAsync(batch);
            }
            catch (PostgresException) when (batch.Count > 1)
            {
                // The database took nothing of the batch: one of its items may be at fault, and the others must not fail with it.
                foreach (var waiting in batch) await WriteAloneAsync(waiting);
            }
            catch (Exception error)
            {
                foreach (var waiting in batch) waiting.Done.TrySetException(error);
            }
        }
    }

    private async Task WriteAloneAsync(Waiting waiting)
    {
        try
        {
            await WriteAsync([waiting]);
        }
        catch (Exception error)
        {
            waiting.Done.TrySetException(error);
        }
    }

    private async Task WriteAsync(List<Waiting> batch)
    {
        await write(batch.ConvertAll(waiting => waiting.Item), CancellationToken.None);
        foreach (var waiting in batch) waiting.Done.TrySetResult();
    }

    private List<Waiting> Next()
    {
        lock (gate)
        {
            var batch = new List<Waiting>(Math.Min(queue.Count, limit));
            while (batch.Count < limit && queue.TryDequeue(out var waiting)) batch.Add(waiting);
            isCommitting = batch.Count > 0;
            return batch;
        }
    }

    private sealed class Waiting(T item)
    {
        public T Item => item;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
