using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>The account's e-mail address, which nobody else is shown but administrators.</summary>
/// <param name="Email">The address; null for an administrator made from the configuration.</param>
public sealed record EmailAnswer(string? Email);

/// <summary>
/// Body of <c>PUT /api/v1/me/email</c>. Errors, by <c>code</c>: <c>invalid_email</c> 400; <c>wrong_password</c> 403; <c>email_taken</c> 409; <c>rate_limited</c> 429,
/// counted together with the sign-ins of this login.
/// </summary>
/// <param name="CurrentPassword">The account's password.</param>
/// <param name="Email">The new address, in ASCII, at most 254 characters. One can sign in with it at once.</param>
public sealed record ChangeEmailRequest(string CurrentPassword, string Email);

/// <summary><c>GET /api/v1/me/email</c>: the account's e-mail address, which nobody else sees.</summary>
internal static class GetMyEmail
{
    private const string SelectSql = "SELECT email FROM accounts WHERE id = $1";

    public static void Map(RouteGroupBuilder me) => me.MapRead("/email", HandleAsync).RequireSession().WithName(nameof(GetMyEmail));

    internal static async Task<Ok<EmailAnswer>> HandleAsync(Caller caller, NpgsqlDataSource db, CancellationToken stop) =>
        TypedResults.Ok(new EmailAnswer(await db.ScalarAsync<string>(SelectSql, stop, caller.AccountId)));
}

/// <summary><c>PUT /api/v1/me/email</c>: the hub sends no mail, so that the address is taken as it is given.</summary>
internal static class ChangeMyEmail
{
    private const int LargestBodyBytes = 16 * 1024;

    // Nothing when somebody else has it; the unique index has the last word when two ask at once.
    private const string UpdateSql = """
        UPDATE accounts SET email = $2
         WHERE id = $1 AND password_hash = $3 AND NOT EXISTS (SELECT 1 FROM accounts o WHERE lower(o.email COLLATE "C") = lower($2 COLLATE "C") AND o.id <> $1)
        """;

    public static void Map(RouteGroupBuilder me) => me.MapPut("/email", HandleAsync).RequireSession().WithName(nameof(ChangeMyEmail));

    internal static async Task<Results<Ok<EmailAnswer>, ApiError>> HandleAsync(
        HttpContext context, Actor actor, JsonBody<ChangeEmailRequest> body, PasswordProof proof, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (AccountRules.CheckEmail(request.Email) is { } invalid) return invalid;
        var proven = await proof.CheckAsync(actor, request.CurrentPassword, context.Response, stop);
        if (!proven.TryGet(out var hash, out error)) return error;
        try
        {
            var isChanged = await db.InTransactionAsync(
                async connection =>
                {
                    if (await connection.ExecuteAsync(UpdateSql, stop, actor.Caller.AccountId, request.Email, hash) == 0) return false;
                    await connection.WriteAsync(actor.Did(AuditActions.EmailChanged, Account.EventEntity(actor.Caller.AccountId), clock.GetUtcNow()), stop);
                    return true;
                },
                stop);
            return isChanged ? TypedResults.Ok(new EmailAnswer(request.Email)) : Taken();
        }
        catch (PostgresException error2) when (error2.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Taken();
        }
    }

    private static ApiError Taken() => ApiError.Conflict(AccountCodes.EmailTaken, "email: another account has this address");
}
