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
        INSERT INTO sessions (id, secret_hash, account_id, created_at, last_seen_at, expires_at, address, user_agent) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)
        """;

    // Of more than an account may have, those go that were used longest ago.
    private const string TrimSql = """
        DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account_id = $1 ORDER BY last_seen_at DESC, id DESC OFFSET $2) RETURNING id
        """;

    private const string DeleteSql = "DELETE FROM sessions WHERE id = $1 RETURNING account_id";

    private const string DeleteAllSql = "DELETE FROM sessions WHERE account_id = $1 RETURNING id";

    /// <summary>Begins a session and gives its id and its secret, which is not kept.</summary>
    public async Task<(Guid Id, string Secret)> BeginAsync(NpgsqlConnection connection, Guid accountId, SessionOrigin origin, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var (id, secret) = (Guid.CreateVersion7(now), SessionSecret.Create());
        var lifetime = options.Value.Lifetime < options.Value.GreatestAge ? options.Value.Lifetime : options.Value.GreatestAge;
        await connection.ExecuteAsync(InsertSql, stop, id, SecretHash.Of(secret), accountId, now, now + lifetime, origin.Address, origin.UserAgent);
        var trimmed = await connection.ListAsync(TrimSql, row => row.GetGuid(0), stop, accountId, options.Value.PerAccount);
        await TellAsync(connection, accountId, trimmed, stop);
        return (id, secret);
    }

    /// <summary>Ends a session and tells those who cache it. False, and nothing happens, when it has ended already.</summary>
    public async Task<bool> EndAsync(NpgsqlConnection connection, Guid sessionId, CancellationToken stop)
    {
        var accountId = await connection.ScalarAsync<Guid?>(DeleteSql, stop, sessionId);
        if (accountId is null) return false;
        await TellAsync(connection, accountId.Value, [sessionId], stop);
        return true;
    }

    /// <summary>Ends every session of an account and gives their number.</summary>
    public async Task<int> EndAllAsync(NpgsqlConnection connection, Guid accountId, CancellationToken stop)
    {
        var ended = await connection.ListAsync(DeleteAllSql, row => row.GetGuid(0), stop, accountId);
        await TellAsync(connection, accountId, ended, stop);
        return ended.Count;
    }

    private async Task TellAsync(NpgsqlConnection connection, Guid accountId, List<Guid> ended, CancellationToken stop)
    {
        if (ended.Count == 0) return;
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var id in ended)
            batch.BatchCommands.Add(OutboxWriter.Command(Account.EventEntity(accountId), new TokenRevoked(Guid.CreateVersion7(now), now, id, accountId)));
        await batch.ExecuteNonQueryAsync(stop);
    }
}
