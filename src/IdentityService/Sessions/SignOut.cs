using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Sessions;

/// <summary><c>DELETE /api/v1/sessions/current</c>: ends the session that the request came with, everywhere within a second.</summary>
internal static class SignOut
{
    public static void Map(RouteGroupBuilder sessions) => sessions.MapDelete("/current", HandleAsync).RequireSession().WithName(nameof(SignOut));

    internal static async Task<NoContent> HandleAsync(
        HttpContext context, Actor actor, SessionStore sessions, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var id = actor.Caller.CredentialId;
        await db.InTransactionAsync(
            async connection =>
            {
                if (!await sessions.EndAsync(connection, id, stop)) return false;
                await connection.WriteAsync(actor.Did(AuditActions.SessionEnded, $"session:{id}", clock.GetUtcNow()), stop);
                return true;
            },
            stop);
        SessionCookie.Remove(context);
        return TypedResults.NoContent();
    }
}

/// <summary>
/// <c>DELETE /api/v1/sessions</c>: ends all sessions of the account, the one of the request too, everywhere within a second. API tokens stay: they are
/// revoked one by one.
/// </summary>
internal static class SignOutEverywhere
{
    public static void Map(RouteGroupBuilder sessions) => sessions.MapDelete("", HandleAsync).RequireSession().WithName(nameof(SignOutEverywhere));

    internal static async Task<NoContent> HandleAsync(
        HttpContext context, Actor actor, SessionStore sessions, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        await db.InTransactionAsync(
            async connection =>
            {
                var ended = await sessions.EndAllAsync(connection, actor.Caller.AccountId, stop);
                await connection.WriteAsync(
                    actor.Did(AuditActions.SessionsEnded, Account.EventEntity(actor.Caller.AccountId), clock.GetUtcNow(), subject: null, ("sessions", $"{ended}")), stop);
                return true;
            },
            stop);
        SessionCookie.Remove(context);
        return TypedResults.NoContent();
    }
}
