using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.IdentityService.Sessions;

/// <summary>
/// Body of <c>POST /api/v1/sessions</c>. The answer is the profile, and a cookie. Errors, by <c>code</c>: <c>invalid_credentials</c> 401, the same
/// for an unknown login and a wrong password; <c>rate_limited</c> 429 when the login was tried too often, from wherever; <c>unavailable</c> 503 when
/// too many passwords wait to be checked.
/// </summary>
/// <param name="Login">Username or e-mail address, in either case.</param>
/// <param name="Password">The account's password.</param>
public sealed record SignInRequest(string Login, string Password);

internal static class SignIn
{
    private const int LargestBodyBytes = 16 * 1024;

    // A username cannot hold an @, so a login names at most one account.
    private const string SelectSql = $"""
        SELECT {Account.Columns}, password_hash FROM accounts WHERE username = $1 OR lower(email COLLATE "C") = $1
        """;

    private const string RehashSql = "UPDATE accounts SET password_hash = $2 WHERE id = $1 AND password_hash = $3";

    public static void Map(RouteGroupBuilder sessions) => sessions.MapPost("", HandleAsync).OpenToAnyone().WithName(nameof(SignIn));

    internal static async Task<Results<Ok<Profile>, ApiError>> HandleAsync(
        HttpContext context, Caller caller, JsonBody<SignInRequest> body, SharedRateLimiter limiter, RateLimitPolicies limits, Passwords passwords,
        SessionStore sessions, SignInMetrics metrics, IOptions<SessionLifetimeOptions> options, NpgsqlDataSource db, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        var login = request.Login.ToLowerInvariant();
        if (login.Length > AccountRules.LongestEmail || request.Password.Length > AccountRules.LongestPassword) return InvalidCredentials(); // nobody has these

        var attempt = await limiter.AcquireAsync(limits.SignInPerLogin, RateLimitSubject.OfText(login), stop);
        if (!attempt.IsAllowed)
        {
            metrics.Limited();
            attempt.WriteTo(context.Response.Headers);
            return attempt.ToError();
        }

        var found = await db.FirstAsync(SelectSql, row => new Found(Account.Read(row), row.GetString(9)), stop, login);
        var check = await passwords.CheckAsync(found?.PasswordHash, request.Password, stop);
        if (check == PasswordCheck.Busy)
        {
            metrics.Busy();
            return ApiError.Unavailable("signing in");
        }

        if (check == PasswordCheck.Wrong || found is null)
        {
            metrics.Wrong();
            return InvalidCredentials();
        }

        if (check == PasswordCheck.RightButOutdated && await passwords.HashAsync(request.Password, stop) is { } newHash)
            await db.ExecuteAsync(RehashSql, stop, found.Account.Id, newHash, found.PasswordHash);

        var secret = await db.InTransactionAsync(
            async connection =>
            {
                // A session that was there before may be known to somebody else, who must not come to be signed in as this account.
                if (caller.Credential == CredentialKind.Session) await sessions.EndAsync(connection, caller.CredentialId, stop);
                return await sessions.BeginAsync(connection, found.Account.Id, stop);
            },
            stop);
        metrics.SignedIn();
        SessionCookie.Set(context, secret, options.Value.GreatestAge);
        return TypedResults.Ok(found.Account.ToProfile());
    }

    private static ApiError InvalidCredentials() =>
        new(StatusCodes.Status401Unauthorized, SessionCodes.InvalidCredentials, "the login or the password is wrong");

    private sealed record Found(Account Account, string PasswordHash);
}
