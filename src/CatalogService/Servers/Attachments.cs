using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary>What a version is good for as a pin.</summary>
internal enum PinState
{
    Unknown,
    Good,
    Withdrawn,
}

internal sealed class Attachments(NpgsqlDataSource db, TimeProvider clock)
{
    private const string PinSql = "SELECT withdrawn_at IS NOT NULL FROM pack_versions WHERE pack_id = $1 AND version = $2";

    private const string SetSql = """
        UPDATE servers SET pack_id = $2, pin = $3, revision = revision + 1
         WHERE id = $1 AND (pack_id IS DISTINCT FROM $2 OR pin IS DISTINCT FROM $3)
        """; // setting what is set changes nothing, and nobody is told again

    // The pack stays until the commit: it is deleted with this server detached, or not attached at all.
    private const string KeepPackSql = "SELECT true FROM packs WHERE id = $1 AND visibility <> 'deleted' FOR SHARE";

    // In one order, so that two of them cannot wait for each other in a circle.
    private const string DetachSql = """
        WITH attached AS MATERIALIZED (SELECT id FROM servers WHERE pack_id = $1 ORDER BY id FOR UPDATE)
        UPDATE servers s SET pack_id = NULL, pin = NULL, revision = s.revision + 1 FROM attached WHERE s.id = attached.id
        RETURNING s.id
        """;

    public async Task<PinState> FindPinAsync(Guid packId, string version, CancellationToken stop)
    {
        var found = await db.ListAsync(PinSql, row => row.GetBoolean(0), stop, packId, version);
        return found.Count == 0 ? PinState.Unknown : found[0] ? PinState.Withdrawn : PinState.Good;
    }

    /// <summary>Attaches a pack, or detaches with null. False when the pack was deleted meanwhile.</summary>
    public Task<bool> SetAsync(ServerFacts server, Guid? packId, string? pin, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                if (packId is not null && !await connection.ScalarAsync<bool>(KeepPackSql, stop, packId)) return false;
                if (await connection.ExecuteAsync(SetSql, stop, server.Id, packId, pin) == 0) return true;
                var change = packId is null ? ServerChange.PackDetached : ServerChange.PackAttached;
                await connection.PublishAsync(ServerState.Entity(server.Id), await ServerState.ReadAsync(connection, server.Id, change, clock.GetUtcNow(), stop), stop);
                return true;
            },
            stop);

    /// <summary>Detaches a pack that is going away from every server that runs it. The caller holds the pack's lock.</summary>
    public static async Task DetachAllAsync(NpgsqlConnection connection, Guid packId, DateTimeOffset now, CancellationToken stop)
    {
        var detached = await connection.ListAsync(DetachSql, row => row.GetGuid(0), stop, packId);
        foreach (var some in detached.Chunk(500))
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var change in await ServerState.ReadAsync(connection, some, ServerChange.PackDetached, now, stop))
                batch.BatchCommands.Add(OutboxWriter.Command(ServerState.Entity(change.ServerId), change));
            await batch.ExecuteNonQueryAsync(stop);
        }
    }
}
