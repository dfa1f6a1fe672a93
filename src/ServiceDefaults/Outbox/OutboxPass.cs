using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;
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

    private static readonly ActivitySource Activities = new("PackRelay.Outbox");

    private static readonly FrozenDictionary<string, Type> EventTypes = typeof(IHubEvent).Assembly.GetExportedTypes()
        .Where(type => type.IsAssignableTo(typeof(IHubEvent)) && type.IsClass)
        .ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>Sends what is due. Gives the number of events sent, and throws the first failure after the confirmed ones are deleted.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var rows = await connection.ListAsync(
            ClaimSql, row => new Row(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetNullable<string>(4)), stop, BatchSize);
        if (rows.Count == 0) return 0;

        var groups = await Task.WhenAll(rows.GroupBy(Group, StringComparer.Ordinal).Select(group => SendGroupAsync([.. group], stop)));
        var sent = groups.SelectMany(group => group.Sent).ToArray();
        await connection.ExecuteAsync(DeleteSql, CancellationToken.None, sent);
        await transaction.CommitAsync(CancellationToken.None); // a confirmed event is deleted even while stopping: otherwise it would be sent twice
        metrics.Published(sent.Length);
        return groups.FirstOrDefault(group => group.Failure is not null).Failure is { } failure
            ? throw new OutboxException("An event could not be handed to the broker; it stays in the outbox", failure)
            : sent.Length;
    }

    /// <summary>What is sent beside the rest: the events of an entity, or all events of a type that knows no order.</summary>
    private static string Group(Row row) => row.IsCollected ? row.EventType : row.Entity;

    private async Task<(List<long> Sent, Exception? Failure)> SendGroupAsync(List<Row> rows, CancellationToken stop)
    {
        var sent = new List<long>();
        try
        {
            if (rows[0].IsCollected)
            {
                var events = rows.ConvertAll(row => row.Read());
                await SendAsync(((ICollectedEvent)events[0]).Collect(events), rows[0], stop);
                sent.AddRange(rows.Select(row => row.Position));
                return (sent, null);
            }

            foreach (var row in rows)
            {
                await SendAsync(row.Read(), row, stop);
                sent.Add(row.Position);
            }

            return (sent, null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return (sent, error);
        }
    }

    private async Task SendAsync(IHubEvent message, Row row, CancellationToken stop)
    {
        using var activity = Activities.StartActivity("outbox publish", ActivityKind.Producer, row.TraceParent);
        // With the broker away a publish would wait for the connection; the row's lock must not.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        await bus.Publish(message, message.GetType(), Pipe.Execute<PublishContext>(Label), limit.Token);

        void Label(PublishContext context)
        {
            context.MessageId = message.EventId;
            context.Headers.Set(EntityOrder.Header, row.Entity);
        }
    }

    private sealed record Row(long Position, string Entity, string EventType, string Body, string? TraceParent)
    {
        public bool IsCollected => EventTypes.TryGetValue(EventType, out var type) && type.IsAssignableTo(typeof(ICollectedEvent));

        public IHubEvent Read() => (IHubEvent)JsonSerializer.Deserialize(Body, EventTypes[EventType])!;
    }
}

/// <summary>The broker did not take an event. Nothing is lost: the row stays.</summary>
internal sealed class OutboxException(string message, Exception innerException) : Exception(message, innerException);
