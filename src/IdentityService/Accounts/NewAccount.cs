using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>An account that is about to be stored.</summary>
internal sealed record NewAccount(string Username, string? Email, string PasswordHash, string DisplayName, Role Role)
{
    private const string Plan = "free";

    // Of two that ask for one name at the same time the second waits for the first's commit and then inserts nothing.
    private const string InsertSql = $"""
        INSERT INTO accounts (id, username, email, password_hash, display_name, role, plan, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING
        RETURNING {Account.Columns}
        """;

    /// <summary>Stores it together with its event, in the connection's transaction; null when its username or e-mail address is taken.</summary>
    public async Task<Account?> InsertAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken stop)
    {
        var account = await connection.FirstAsync(
            InsertSql, Account.Read, stop, Guid.CreateVersion7(now), Username, Email, PasswordHash, DisplayName, Role.ToText(), Plan, now);
        if (account is not null) await connection.PublishAsync(Account.EventEntity(account.Id), account.ToChanged(now), stop);
        return account;
    }
}
