using System.Diagnostics.CodeAnalysis;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>Asks for the current password before something is changed that a stolen session alone must not change.</summary>
internal sealed class PasswordProof(PasswordAttempts attempts, Passwords passwords, NpgsqlDataSource db, TimeProvider clock)
{
    private const string SelectSql = "SELECT password_hash FROM accounts WHERE id = $1 AND deleted_at IS NULL";

    /// <summary>Checks the caller's password, which came as this member of the body; limited like signing in.</summary>
    public async Task<Proof> CheckAsync(Actor actor, string password, HttpResponse response, CancellationToken stop, string member = "currentPassword")
    {
        if (await attempts.RefusalAsync(actor.Caller.Username, response, stop) is { } limited) return new(limited);
        if (await db.ScalarAsync<string>(SelectSql, stop, actor.Caller.AccountId) is not { } hash) return new(ApiError.Unauthenticated());
        var check = password.Length > AccountRules.LongestPassword ? PasswordCheck.Wrong : await passwords.CheckAsync(hash, password, stop);
        if (check == PasswordCheck.Busy) return new(ApiError.Unavailable("checking passwords"));
        if (check != PasswordCheck.Wrong) return new(hash);
        await db.WriteAsync(actor.Did(AuditActions.PasswordWrong, Account.EventEntity(actor.Caller.AccountId), clock.GetUtcNow()), stop);
        return new(Wrong(member));
    }

    /// <summary>403 <c>wrong_password</c>: the credentials of the request are good, so it is not 401, at which clients forget them.</summary>
    public static ApiError Wrong(string member = "currentPassword") => new(StatusCodes.Status403Forbidden, AccountCodes.WrongPassword, $"{member}: it is not the account's password");

    /// <summary>The hash that the password was checked against, or the error to answer with.</summary>
    internal sealed class Proof
    {
        private readonly string? hash;

        private readonly ApiError? error;

        public Proof(string hash) => this.hash = hash;

        public Proof(ApiError error) => this.error = error;

        public bool TryGet([NotNullWhen(true)] out string? checkedHash, [NotNullWhen(false)] out ApiError? refusal)
        {
            (checkedHash, refusal) = (hash, error);
            return checkedHash is not null;
        }
    }
}
