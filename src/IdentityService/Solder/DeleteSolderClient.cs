using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary><c>DELETE /api/client/{uuid}</c>; needs the flag <c>solder_clients</c>, and no token that is restricted to packs. 404 <c>Client not found.</c></summary>
internal static class DeleteSolderClient
{
    private const string ExistsSql = "SELECT EXISTS (SELECT FROM solder_clients WHERE uuid = $1)";

    private const string DeleteSql = "DELETE FROM solder_clients WHERE uuid = $1 RETURNING id, credential_id";

    public static void Map(RouteGroupBuilder writes) => writes.MapDelete("/client/{uuid}", HandleAsync).WithName(nameof(DeleteSolderClient)).Produces<SolderSuccess>();

    internal static async Task<IResult> HandleAsync(string uuid, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (!await db.ScalarAsync<bool>(ExistsSql, stop, uuid)) return SolderError.NotFound("Client not found.");
        if (!actor.Caller.MayInSolder(SolderFlags.Clients) || actor.Caller.Packs is not null) return SolderError.Unauthorized();
        return await db.InTransactionAsync(connection => DeleteAsync(connection, uuid, actor, clock.GetUtcNow(), stop), stop)
            ? TypedResults.Ok(new SolderSuccess("Client deleted."))
            : SolderError.NotFound("Client not found.");
    }

    private static async Task<bool> DeleteAsync(NpgsqlConnection connection, string uuid, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var (id, credentialId) = await connection.FirstAsync(DeleteSql, row => (row.GetInt64(0), row.GetGuid(1)), stop, uuid);
        if (id == 0) return false;
        await connection.PublishAsync($"solder_client:{id}", new TokenRevoked(Guid.CreateVersion7(now), now, credentialId, Guid.Empty), stop);
        await connection.WriteAsync(actor.Did(AuditActions.SolderClientDeleted, $"solder_client:{id}", now), stop);
        return true;
    }
}
