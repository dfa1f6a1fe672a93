using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary><c>GET /api/v1/me</c>: the caller's own account, also what a client validates its token with.</summary>
internal static class GetMe
{
    private const string SelectSql = $"SELECT {Account.Columns} FROM accounts WHERE id = $1";

    public static void Map(RouteGroupBuilder me) => me.MapRead("", HandleAsync).RequireAccount().WithName(nameof(GetMe));

    internal static async Task<Results<Ok<Profile>, ApiError>> HandleAsync(Caller caller, NpgsqlDataSource db, CancellationToken stop) =>
        await db.FirstAsync(SelectSql, Account.Read, stop, caller.AccountId) is { } account
            ? TypedResults.Ok(account.ToProfile())
            : ApiError.Unauthenticated(); // the account went away since the gateway asked
}
