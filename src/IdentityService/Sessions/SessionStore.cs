using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Sessions;

/// <summary>Begins and ends sessions, in the caller's transaction.</summary>
internal sealed class SessionStore(IOptions<SessionLifetimeOptions> options, TimeProvider clock)
{
    private const string InsertSql = """
        INSERT INTO sessions (id, secret_hash, account_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)
        """;

    private const string DeleteSql = "DELETE FROM sessions WHERE id = $1 RETURNING account_id";

    /// <summary>Begins a session and gives its secret, which is not kept.</summary>
    public async Task<string> BeginAsync(NpgsqlConnection connection, Guid accountId, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var secret = SessionSecret.Create();
        var lifetime = options.Value.Lifetime < options.Value.GreatestAge ? options.Value.Lifetime : options.Value.GreatestAge;
        await connection.ExecuteAsync(InsertSql, stop, Guid.CreateVersion7(now), SecretHash.Of(secret), accountId, now, now + lifetime);
        return secret;
    }

    /// <summary>Ends a session and tells those who cache it; nothing happens when it has ended already.</summary>
    public async Task EndAsync(NpgsqlConnection connection, Guid sessionId, CancellationToken stop)
    {
        var accountId = await connection.ScalarAsync<Guid?>(DeleteSql, stop, sessionId);
        if (accountId is null) return;
        var now = clock.GetUtcNow();
        await connection.PublishAsync(Account.EventEntity(accountId.Value), new TokenRevoked(Guid.CreateVersion7(now), now, sessionId, accountId.Value), stop);
    }
}
