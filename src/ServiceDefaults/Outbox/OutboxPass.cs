using MassTransit;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.ServiceDefaults.Outbox;

/// <summary>
/// Sends one batch of committed events and deletes those that the broker confirmed. Several replicas may run passes at once: the oldest row of
/// an entity is locked for the pass, and later rows of that entity are taken only together with it, so that order per entity holds.
/// </summary>
internal sealed class OutboxPass(NpgsqlDataSource db, IBus bus, OutboxMetrics metrics)
{
    private const int BatchSize = 500;

    internal const string ClaimSql = """
        WITH heads AS MATERIALIZED (
            SELECT o.entity FROM outbox o
            WHERE NOT EXISTS (SELECT FROM outbox earlier WHERE earlier.entity = o.entity AND earlier.position < o.position)
            ORDER BY o.position LIMIT $1
            FOR UPDATE SKIP LOCKED)
        SELECT o.position, o.entity, o.event_type, o.body::text, o.trace_parent FROM heads JOIN outbox o USING (entity) ORDER BY o.position LIMIT $1
        """;

    private const string DeleteSql = "DELETE FROM outbox WHERE position = ANY($1)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // with the broker away a publish would wait for the connection; the rows' locks must not

    /// <summary>Sends what is due. Gives the number of events sent, and throws the first failure after the confirmed ones are deleted.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var rows = await connection.ListAsync(
            ClaimSql, row => new OutboxRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetNullable<string>(4)), stop, BatchSize);
        if (rows.Count == 0) return 0;

        var plan = OutboxPlan.Of(rows);
        var (sent, failure) = await SendAsync(plan.Batches, stop);
        await connection.ExecuteAsync(DeleteSql, CancellationToken.None, sent.ToArray());
        await transaction.CommitAsync(CancellationToken.None); // a confirmed event is deleted even while stopping: otherwise it would be sent twice
        metrics.Published(sent.Count);
        return (failure ?? plan.Unreadable) is { } reason
            ? throw new OutboxException("An event could not be handed to the broker; it stays in the outbox", reason)
            : sent.Count;
    }

    /// <summary>One after the other, until one fails: the next may hold what must come after it.</summary>
    private async Task<(List<long> Sent, Exception? Failure)> SendAsync(IEnumerable<PlannedBatch> batches, CancellationToken stop)
    {
        var sent = new List<long>();
        try
        {
            foreach (var batch in batches)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(Patience);
                await batch.Kind.SendAsync(bus, batch.Events, limit.Token);
                sent.AddRange(batch.Events.Select(planned => planned.Row.Position));
            }

            return (sent, null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return (sent, error);
        }
    }
}

/// <summary>The broker did not take an event. Nothing is lost: the row stays.</summary>
internal sealed class OutboxException(string message, Exception innerException) : Exception(message, innerException);
