using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Outbox;

/// <summary>Where an event is written down, in the transaction that made it true. The relay sends it after the commit.</summary>
public static class OutboxWriter
{
    private const string InsertSql = "INSERT INTO outbox (event_id, entity, event_type, body, trace_parent) VALUES ($1, $2, $3, $4, $5)";

    /// <summary>Writes an event on a connection whose transaction is open.</summary>
    /// <param name="connection">The connection that carries the change itself.</param>
    /// <param name="entity">What the event is about, such as <c>pack:my-pack</c>; events of one entity are delivered in the order of their commits.</param>
    /// <param name="hubEvent">The event.</param>
    /// <param name="stop">Cancels the statement.</param>
    public static async Task PublishAsync(this NpgsqlConnection connection, string entity, IHubEvent hubEvent, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(entity, hubEvent));
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The same as one more command of a batch, so that the change and its event travel to the database together.</summary>
    public static NpgsqlBatchCommand Command(string entity, IHubEvent hubEvent) => new(InsertSql)
    {
        Parameters =
        {
            new() { Value = hubEvent.EventId },
            new() { Value = entity },
            new() { Value = hubEvent.GetType().Name },
            new() { Value = JsonSerializer.SerializeToUtf8Bytes(hubEvent, hubEvent.GetType()), NpgsqlDbType = NpgsqlDbType.Jsonb },
            new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value },
        },
    };
}
