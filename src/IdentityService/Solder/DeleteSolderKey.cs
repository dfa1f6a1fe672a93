using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Solder;

/// <summary><c>DELETE /api/v1/admin/solder/keys/{id}</c>: 204, and the key opens nothing any more within a second. 404 <c>not_found</c> for an unknown id.</summary>
internal static class DeleteSolderKey
{
    private const string DeleteSql = "DELETE FROM solder_keys WHERE id = $1";

    public static void Map(RouteGroupBuilder admin) => admin.MapDelete("/solder/keys/{id}", HandleAsync).WithName(nameof(DeleteSolderKey));

    internal static async Task<Results<NoContent, ApiError>> HandleAsync(string id, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var isDeleted = Guid.TryParseExact(id, "D", out var keyId) && await db.InTransactionAsync(
            async connection =>
            {
                if (await connection.ExecuteAsync(DeleteSql, stop, keyId) == 0) return false;
                var now = clock.GetUtcNow();
                await connection.PublishAsync($"solder_key:{keyId}", new TokenRevoked(Guid.CreateVersion7(now), now, keyId, Guid.Empty), stop); // the gateways may know it still
                await connection.WriteAsync(actor.Did(AuditActions.SolderKeyDeleted, $"solder_key:{keyId}", now), stop);
                return true;
            },
            stop);
        return isDeleted ? TypedResults.NoContent() : ApiError.NotFound("key", id);
    }
}
