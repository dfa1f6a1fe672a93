using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Sessions;

/// <summary><c>DELETE /api/v1/me/sessions/{id}</c>: ends one of the account's sessions, everywhere within a second. 404 <c>not_found</c> for an id that is none of them.</summary>
internal static class EndSession
{
    private const string IsMineSql = "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND account_id = $2 AND expires_at > $3)";

    public static void Map(RouteGroupBuilder mine) => mine.MapDelete("/{id}", HandleAsync).RequireSession().WithName(nameof(EndSession));

    internal static async Task<Results<NoContent, ApiError>> HandleAsync(
        string id, HttpContext context, Actor actor, SessionStore sessions, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var hasEnded = Guid.TryParseExact(id, "D", out var sessionId) && await db.InTransactionAsync(
            async connection =>
            {
                if (!await connection.ScalarAsync<bool>(IsMineSql, stop, sessionId, actor.Caller.AccountId, now)) return false;
                if (!await sessions.EndAsync(connection, sessionId, stop)) return false;
                await connection.WriteAsync(actor.Did(AuditActions.SessionEnded, $"session:{sessionId}", now), stop);
                return true;
            },
            stop);
        if (!hasEnded) return ApiError.NotFound("session", id);
        if (sessionId == actor.Caller.CredentialId) SessionCookie.Remove(context);
        return TypedResults.NoContent();
    }
}
