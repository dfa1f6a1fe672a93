using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary><c>POST /api/v1/me/server-owner</c>: a player becomes a server owner. Asking again changes nothing. 403 <c>approval_required</c> where the hub's administrator decides that.</summary>
internal static class BecomeServerOwner
{
    private const string SelectSql = $"SELECT {Account.Columns} FROM accounts WHERE id = $1 FOR UPDATE";

    private const string PromoteSql = $"UPDATE accounts SET role = 'server_owner', revision = revision + 1 WHERE id = $1 RETURNING {Account.Columns}";

    public static void Map(RouteGroupBuilder me) => me.MapPost("/server-owner", HandleAsync).RequireSession().WithName(nameof(BecomeServerOwner));

    internal static Task<Results<Ok<Profile>, ApiError>> HandleAsync(
        Actor actor, IOptions<AccountOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) =>
        db.InTransactionAsync<Results<Ok<Profile>, ApiError>>(
            async connection =>
            {
                var account = await connection.FirstAsync(SelectSql, Account.Read, stop, actor.Caller.AccountId);
                if (account is null) return ApiError.Unauthenticated();
                if (account.Role >= Role.ServerOwner) return TypedResults.Ok(account.ToProfile());
                if (!options.Value.SelfServiceServerOwner)
                    return new ApiError(StatusCodes.Status403Forbidden, AccountCodes.ApprovalRequired, "on this hub the administrator makes server owners; ask them");

                var now = clock.GetUtcNow();
                var promoted = (await connection.FirstAsync(PromoteSql, Account.Read, stop, account.Id))!; // locked above
                await connection.PublishAsync(Account.EventEntity(promoted.Id), promoted.ToChanged(now), stop);
                await connection.WriteAsync(actor.Did(AuditActions.AccountBecameServerOwner, Account.EventEntity(promoted.Id), now), stop);
                return TypedResults.Ok(promoted.ToProfile());
            },
            stop);
}
