using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.IdentityService.Sessions;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>
/// Body of <c>POST /api/v1/me/password</c>. Errors, by <c>code</c>: <c>weak_password</c> 400; <c>wrong_password</c> 403; <c>rate_limited</c> 429, counted together
/// with the sign-ins of this login; <c>unavailable</c> 503 when too many passwords wait to be checked.
/// </summary>
/// <param name="CurrentPassword">The password until now.</param>
/// <param name="NewPassword">The password from now on, 10 to 1,024 characters.</param>
public sealed record ChangePasswordRequest(string CurrentPassword, string NewPassword);

/// <summary>Changes the password: 204 with a new cookie. The session is replaced, all others end; API tokens and client credentials stay.</summary>
internal static class ChangePassword
{
    private const int LargestBodyBytes = 32 * 1024;

    private const string UpdateSql = "UPDATE accounts SET password_hash = $2 WHERE id = $1 AND password_hash = $3";

    public static void Map(RouteGroupBuilder me) => me.MapPost("/password", HandleAsync).RequireSession().WithName(nameof(ChangePassword));

    internal static async Task<Results<NoContent, ApiError>> HandleAsync(
        HttpContext context, Actor actor, JsonBody<ChangePasswordRequest> body, PasswordProof proof, Passwords passwords, SessionStore sessions,
        IOptions<SessionLifetimeOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (AccountRules.CheckPassword(request.NewPassword, "newPassword") is { } weak) return weak;
        var proven = await proof.CheckAsync(actor, request.CurrentPassword, context.Response, stop);
        if (!proven.TryGet(out var oldHash, out error)) return error;
        var newHash = await passwords.HashAsync(request.NewPassword, stop);
        if (newHash is null) return ApiError.Unavailable("changing passwords");

        var secret = await db.InTransactionAsync(
            async connection =>
            {
                if (await connection.ExecuteAsync(UpdateSql, stop, actor.Caller.AccountId, newHash, oldHash) == 0) return null; // another request was faster
                await sessions.EndAllAsync(connection, actor.Caller.AccountId, stop);
                var entry = actor.Did(AuditActions.PasswordChanged, Account.EventEntity(actor.Caller.AccountId), clock.GetUtcNow());
                await connection.WriteAsync(entry, stop);
                return (await sessions.BeginAsync(connection, actor.Caller.AccountId, SessionOrigin.Of(context), stop)).Secret;
            },
            stop);
        if (secret is null) return PasswordProof.Wrong();
        SessionCookie.Set(context, secret, options.Value.GreatestAge);
        return TypedResults.NoContent();
    }
}
