using System.Globalization;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary><c>DELETE /api/token/{tokenId}</c>: revokes one of the account's own Solder tokens, everywhere within a second. 403 for a token that is restricted to packs; 404 <c>Token not found.</c></summary>
internal static class RevokeSolderToken
{
    private const string DeleteSql = "DELETE FROM solder_tokens WHERE id = $1 AND account_id = $2 RETURNING credential_id";

    public static void Map(RouteGroupBuilder writes) => writes.MapDelete("/token/{tokenId}", HandleAsync).WithName(nameof(RevokeSolderToken)).Produces<SolderSuccess>();

    internal static async Task<IResult> HandleAsync(string tokenId, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) =>
        actor.Caller.Packs is not null ? SolderError.Unauthorized()
        : long.TryParse(tokenId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && await db.InTransactionAsync(connection => RevokeAsync(connection, id, actor, clock.GetUtcNow(), stop), stop)
            ? TypedResults.Ok(new SolderSuccess("Token revoked."))
            : SolderError.NotFound("Token not found.");

    private static async Task<bool> RevokeAsync(NpgsqlConnection connection, long id, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var accountId = actor.Caller.AccountId;
        var credentialId = await connection.ScalarAsync<Guid>(DeleteSql, stop, id, accountId);
        if (credentialId == Guid.Empty) return false;
        await connection.PublishAsync(Account.EventEntity(accountId), new TokenRevoked(Guid.CreateVersion7(now), now, credentialId, accountId), stop);
        await connection.WriteAsync(actor.Did(AuditActions.TokenRevoked, $"token:{credentialId}", now), stop);
        return true;
    }
}
