using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Clients;

/// <summary><c>DELETE /api/v1/me/clients/{clientId}</c>: 204. 404 <c>not_found</c> for an id that is none of the account's.</summary>
internal static class DeleteClient
{
    private const string DeleteSql = "DELETE FROM clients WHERE client_id = $1 AND account_id = $2";

    public static void Map(RouteGroupBuilder clients) => clients.MapDelete("/{clientId}", HandleAsync).RequireSession().WithName(nameof(DeleteClient));

    internal static async Task<Results<NoContent, ApiError>> HandleAsync(string clientId, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var isDeleted = !clientId.Contains('\0', StringComparison.Ordinal) && await db.InTransactionAsync(
            async connection =>
            {
                if (await connection.ExecuteAsync(DeleteSql, stop, clientId, actor.Caller.AccountId) == 0) return false;
                await connection.WriteAsync(actor.Did(AuditActions.ClientDeleted, $"client:{clientId}", clock.GetUtcNow()), stop);
                return true;
            },
            stop);
        return isDeleted ? TypedResults.NoContent() : ApiError.NotFound("client", clientId);
    }
}
