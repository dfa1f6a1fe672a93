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

    public async Task<PinState> FindPinAsync(Guid packId, string version, CancellationToken stop)
    {
        var found = await db.ListAsync(PinSql, row => row.GetBoolean(0), stop, packId, version);
        return found.Count == 0 ? PinState.Unknown : found[0] ? PinState.Withdrawn : PinState.Good;
    }

    /// <summary>Attaches a pack, or detaches with null.</summary>
    public Task SetAsync(ServerFacts server, Guid? packId, string? pin, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                if (await connection.ExecuteAsync(SetSql, stop, server.Id, packId, pin) == 0) return false;
                var change = packId is null ? ServerChange.PackDetached : ServerChange.PackAttached;
                await connection.PublishAsync(ServerState.Entity(server.Id), await ServerState.ReadAsync(connection, server.Id, change, clock.GetUtcNow(), stop), stop);
                return true;
            },
            stop);
}
