using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Sessions;

/// <summary>
/// Body of <c>POST /api/v1/sessions</c>. The answer is the profile, and a cookie. Errors, by <c>code</c>: <c>invalid_credentials</c> 401, the same
/// for an unknown login and a wrong password; <c>account_suspended</c> 403, only with the right password; <c>rate_limited</c> 429 when the login was tried
/// too often, from wherever; <c>unavailable</c> 503 when too many passwords wait to be checked.
/// </summary>
/// <param name="Login">Username or e-mail address, in either case.</param>
/// <param name="Password">The account's password.</param>
public sealed record SignInRequest(string Login, string Password);

/// <summary>Signs a person in: the answer sets the session cookie.</summary>
internal static class SignIn
{
    private const int LargestBodyBytes = 16 * 1024;

    // A username cannot hold an @, so a login names at most one account.
    private const string SelectSql = $"""
        SELECT {Account.Columns}, password_hash FROM accounts WHERE (username = $1 OR lower(email COLLATE "C") = $1) AND deleted_at IS NULL
        """;

    private const string RehashSql = "UPDATE accounts SET password_hash = $2 WHERE id = $1 AND password_hash = $3";

    // Held until the session stands: a password change or a suspension then comes after it, and ends it.
    private const string LockSql = "SELECT password_hash, suspended_at IS NOT NULL FROM accounts WHERE id = $1 FOR SHARE";

    public static void Map(RouteGroupBuilder sessions) => sessions.MapPost("", HandleAsync).OpenToAnyone().WithName(nameof(SignIn));

    internal static async Task<Results<Ok<Profile>, ApiError>> HandleAsync(
        HttpContext context, Actor actor, JsonBody<SignInRequest> body, PasswordAttempts attempts, Passwords passwords,
        SessionStore sessions, SignInMetrics metrics, IOptions<SessionLifetimeOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        var login = request.Login.ToLowerInvariant();
        if (login.Length > AccountRules.LongestEmail || request.Password.Length > AccountRules.LongestPassword) return InvalidCredentials(); // nobody has these
        if (await attempts.RefusalAsync(login, context.Response, stop) is { } limited)
        {
            metrics.Limited();
            return limited;
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
            // For an unknown login too, so that the time it takes tells nothing. Never what was typed: it may be a password in the wrong field.
            await db.WriteAsync(Failed(actor, found?.Account.Id, found is null ? "unknown login" : "wrong password", clock.GetUtcNow()), stop);
            return InvalidCredentials();
        }

        if (check == PasswordCheck.RightButOutdated) found = await RehashAsync(db, passwords, found, request.Password, stop);
        var begun = await db.InTransactionAsync(connection => BeginAsync(connection, context, actor, found, sessions, clock.GetUtcNow(), stop), stop);
        if (!begun.TryGet(out var secret, out error)) return error;
        metrics.SignedIn();
        SessionCookie.Set(context, secret, options.Value.GreatestAge);
        return TypedResults.Ok(found.Account.ToProfile());
    }

    private static async Task<Begun> BeginAsync(
        NpgsqlConnection connection, HttpContext context, Actor actor, Found found, SessionStore sessions, DateTimeOffset now, CancellationToken stop)
    {
        var state = await connection.FirstAsync(LockSql, row => new State(row.GetString(0), row.GetBoolean(1)), stop, found.Account.Id);
        if (state?.PasswordHash != found.PasswordHash) return new(InvalidCredentials()); // changed since it was checked
        if (state.IsSuspended)
        {
            await connection.WriteAsync(Failed(actor, found.Account.Id, "suspended", now), stop);
            return new(new ApiError(StatusCodes.Status403Forbidden, AccountCodes.AccountSuspended, "an administrator has suspended this account"));
        }

        // A session that was there before may be known to somebody else, who must not come to be signed in as this account.
        if (actor.Caller.Credential == CredentialKind.Session) await sessions.EndAsync(connection, actor.Caller.CredentialId, stop);
        var (id, secret) = await sessions.BeginAsync(connection, found.Account.Id, SessionOrigin.Of(context), stop);
        var person = new Caller { AccountId = found.Account.Id, Username = found.Account.Username, Credential = CredentialKind.Session, CredentialId = id };
        await connection.WriteAsync((actor with { Caller = person }).Did(AuditActions.SignedIn, $"session:{id}", now), stop);
        return new(secret);
    }

    private static async Task<Found> RehashAsync(NpgsqlDataSource db, Passwords passwords, Found found, string password, CancellationToken stop) =>
        await passwords.HashAsync(password, stop) is { } hash && await db.ExecuteAsync(RehashSql, stop, found.Account.Id, hash, found.PasswordHash) == 1
            ? found with { PasswordHash = hash }
            : found;

    private static AuditRecorded Failed(Actor actor, Guid? accountId, string reason, DateTimeOffset now) =>
        actor.Did(AuditActions.SignInFailed, accountId is { } id ? Account.EventEntity(id) : "login", now, accountId, ("reason", reason));

    private static ApiError InvalidCredentials() =>
        new(StatusCodes.Status401Unauthorized, SessionCodes.InvalidCredentials, "the login or the password is wrong");

    private sealed record Found(Account Account, string PasswordHash);

    private sealed record State(string PasswordHash, bool IsSuspended);

    /// <summary>A session's secret, or why there is none.</summary>
    private sealed class Begun
    {
        private readonly string? secret;

        private readonly ApiError? error;

        public Begun(string secret) => this.secret = secret;

        public Begun(ApiError error) => this.error = error;

        public bool TryGet([NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ApiError? refusal)
        {
            (value, refusal) = (secret, error);
            return value is not null;
        }
    }
}
