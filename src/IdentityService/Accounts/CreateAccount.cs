using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.IdentityService.Accounts;

/// <summary>
/// Body of <c>POST /api/v1/accounts</c>. Errors, by <c>code</c>: <c>invalid_username</c>, <c>invalid_email</c>, <c>weak_password</c>,
/// <c>invalid_display_name</c> 400; <c>username_taken</c>, <c>email_taken</c> 409; <c>rate_limited</c> 429 for too many
/// sign-ups from one address that were fine or met a taken name; <c>unavailable</c> 503 when too many passwords wait to be hashed.
/// </summary>
/// <param name="Username">3 to 32 of a-z, 0-9, dot and hyphen; the first and the last a letter or digit. Cannot be changed.</param>
/// <param name="Email">Address in ASCII, at most 254 characters. Never shown to others.</param>
/// <param name="Password">10 to 1,024 characters.</param>
/// <param name="DisplayName">1 to 80 characters; the username when absent.</param>
public sealed record CreateAccountRequest(string Username, string Email, string Password, string? DisplayName = null);

/// <summary>The account that was made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Username">Sign-in name.</param>
/// <param name="DisplayName">Name shown to people.</param>
/// <param name="Role">Always <c>player</c>.</param>
/// <param name="Plan">Always <c>free</c>.</param>
/// <param name="Image">Always null.</param>
public sealed record CreatedAccount(Guid Id, string Username, string DisplayName, Role Role, string Plan, string? Image);

/// <summary>Creates an account. Open to anyone, and limited by the hour and address.</summary>
internal static class CreateAccount
{
    private const int LargestBodyBytes = 16 * 1024; // a password of 1,024 characters that are all escaped fits

    private const string UsernameExistsSql = "SELECT EXISTS (SELECT 1 FROM accounts WHERE username = $1)";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/accounts", HandleAsync).NeverStore().OpenToAnyone().WithName(nameof(CreateAccount));

    internal static async Task<Results<Created<CreatedAccount>, ApiError>> HandleAsync(
        HttpContext context, Actor actor, JsonBody<CreateAccountRequest> body, SharedRateLimiter limiter, RateLimitPolicies limits, IOptions<FirstAdminOptions> admin,
        Passwords passwords, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (Check(request, out var displayName) is { } problem) return problem;
        // Counted here and not before: a typing error costs nothing, asking which names are taken does.
        var attempt = await limiter.AcquireAsync(limits.AccountCreation, RateLimitSubject.Of(actor.Address), stop);
        attempt.WriteTo(context.Response.Headers);
        if (!attempt.IsAllowed) return attempt.ToError();
        if (request.Username == admin.Value.Username) return UsernameTaken(request.Username); // else its first owner would be the one people take for the admin

        var hash = await passwords.HashAsync(request.Password, stop);
        if (hash is null) return ApiError.Unavailable("creating accounts");

        var wanted = new NewAccount(request.Username, request.Email, hash, displayName, Role.Player);
        var account = await db.InTransactionAsync(connection => InsertAsync(connection, wanted, actor, clock.GetUtcNow(), stop), stop);
        if (account is null)
        {
            return await db.ScalarAsync<bool>(UsernameExistsSql, stop, request.Username)
                ? UsernameTaken(request.Username)
                : ApiError.Conflict(AccountCodes.EmailTaken, "email: another account has this address");
        }

        return TypedResults.Created((string?)null, new CreatedAccount(account.Id, account.Username, account.DisplayName, account.Role, account.Plan, account.Image));
    }

    private static async Task<Account?> InsertAsync(NpgsqlConnection connection, NewAccount wanted, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var account = await wanted.InsertAsync(connection, now, stop);
        if (account is not null) await connection.WriteAsync(actor.Did(AuditActions.AccountCreated, Account.EventEntity(account.Id), now, account.Id), stop);
        return account;
    }

    private static ApiError? Check(CreateAccountRequest request, out string displayName)
    {
        displayName = request.Username;
        if (request.DisplayName is { } wanted)
        {
            if (!AccountRules.TryReadDisplayName(wanted, out var name, out var error)) return error;
            displayName = name;
        }

        return AccountRules.CheckUsername(request.Username) ?? AccountRules.CheckEmail(request.Email) ?? AccountRules.CheckPassword(request.Password);
    }

    private static ApiError UsernameTaken(string username) => ApiError.Conflict(AccountCodes.UsernameTaken, $"username: '{username}' is taken");
}
