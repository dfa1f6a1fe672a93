using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Sessions;

/// <summary><c>DELETE /api/v1/sessions/current</c>: ends the session that the request came with, everywhere within a second.</summary>
internal static class SignOut
{
    public static void Map(RouteGroupBuilder sessions) => sessions.MapDelete("/current", HandleAsync).RequireSession().WithName(nameof(SignOut));

    internal static async Task<NoContent> HandleAsync(HttpContext context, Caller caller, SessionStore sessions, NpgsqlDataSource db, CancellationToken stop)
    {
        await db.InTransactionAsync(
            async connection =>
            {
                await sessions.EndAsync(connection, caller.CredentialId, stop);
                return true;
            },
            stop);
        SessionCookie.Remove(context);
        return TypedResults.NoContent();
    }
}
