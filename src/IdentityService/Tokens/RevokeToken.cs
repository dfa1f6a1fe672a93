using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Tokens;

/// <summary>
/// <c>DELETE /api/v1/me/tokens/{id}</c>: 204, and the token is refused everywhere within a second. A token may revoke itself, so that a program
/// can sign out for good; of others it learns nothing (403). 404 <c>not_found</c> for an id that is not one of the account's live tokens.
/// </summary>
internal static class RevokeToken
{
    private const string RevokeSql = """
        UPDATE api_tokens SET revoked_at = $3 WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL AND expires_at > $3
        """;

    public static void Map(RouteGroupBuilder tokens) => tokens.MapDelete("/{id}", HandleAsync).RequireAccount().WithName(nameof(RevokeToken));

    internal static async Task<Results<NoContent, ApiError>> HandleAsync(string id, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var caller = actor.Caller;
        var isId = Guid.TryParseExact(id, "D", out var tokenId);
        if (caller.Credential == CredentialKind.Token && caller.CredentialId != tokenId) return ApiError.Forbidden("an API token can revoke itself only; sign in to revoke others");
        return isId && await db.InTransactionAsync(connection => RevokeAsync(connection, tokenId, actor, clock.GetUtcNow(), stop), stop)
            ? TypedResults.NoContent()
            : ApiError.NotFound("token", id);
    }

    private static async Task<bool> RevokeAsync(NpgsqlConnection connection, Guid tokenId, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var accountId = actor.Caller.AccountId;
        if (await connection.ExecuteAsync(RevokeSql, stop, tokenId, accountId, now) == 0) return false;
        await connection.PublishAsync(Account.EventEntity(accountId), new TokenRevoked(Guid.CreateVersion7(now), now, tokenId, accountId), stop);
        await connection.WriteAsync(actor.Did(AuditActions.TokenRevoked, $"token:{tokenId}", now), stop);
        return true;
    }
}
