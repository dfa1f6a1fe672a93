using System.Buffers;
using Npgsql;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.IdentityService.Railcraft;

/// <summary>Tells who a client is, in the dialect's order: 5 for a wrong id or secret, 7 without a token, 12 for one that is unknown or another client's, 6 for one that has ended.</summary>
internal sealed class ClientChecks(SecretAttempts attempts, NpgsqlDataSource db, TimeProvider clock)
{
    private const int WrongSecret = 5;

    private const int Expired = 6;

    private const int TokenMissing = 7;

    private const int TokenUnknown = 12;

    private static readonly SearchValues<char> Letters = SearchValues.Create(Base62.Digits);

    // The hash of the secret is part of the lookup: nothing is compared whose time could tell anything.
    private const string FindSql = """
        SELECT c.id, a.id, a.username, a.display_name, a.role, a.plan, t.expires_at
          FROM clients c JOIN accounts a ON a.id = c.account_id LEFT JOIN client_tokens t ON t.secret_hash = $3 AND t.client_id = c.client_id
         WHERE c.client_id = $1 AND c.secret_hash = $2 AND a.suspended_at IS NULL
        """;

    /// <summary>Checks id and secret alone.</summary>
    public async Task<ClientCheck> CheckSecretAsync(ClientKey key, CancellationToken stop)
    {
        if (await attempts.RefusalAsync(key, stop) is { } wait) return new(WrongSecret, null, wait);
        var found = IsWellFormed(key)
            ? await db.FirstAsync(FindSql, Read, stop, key.ClientId, SecretHash.Of(key.ClientSecret), SecretHash.Of(key.Token ?? "")) // whatever the token: a long one is unknown, as any other that is not ours
            : null;
        if (found is null) return new(WrongSecret, null, null);
        attempts.Prove(key);
        return new(0, found, null);
    }

    /// <summary>Checks id, secret and token.</summary>
    public async Task<ClientCheck> CheckAsync(ClientKey key, CancellationToken stop)
    {
        var check = await CheckSecretAsync(key, stop);
        if (check.Client is null) return check;
        if (key.Token is null) return new(TokenMissing, null, null);
        if (check.Client.CredentialExpiresAt is not { } end) return new(TokenUnknown, null, null);
        return end > clock.GetUtcNow() ? check : new(Expired, null, null);
    }

    private static bool IsWellFormed(ClientKey key) =>
        key is { ClientId.Length: <= 100, ClientSecret.Length: <= 100 }
        && !key.ClientId.AsSpan().ContainsAnyExcept(Letters) && !key.ClientSecret.AsSpan().ContainsAnyExcept(Letters);

    private static Caller Read(NpgsqlDataReader row) => new()
    {
        Credential = CredentialKind.Client,
        CredentialId = row.GetGuid(0),
        AccountId = row.GetGuid(1),
        Username = row.GetString(2),
        DisplayName = row.GetString(3),
        Role = RoleText.Parse(row.GetString(4)),
        Plan = row.GetString(5),
        CredentialExpiresAt = row.GetNullableValue<DateTimeOffset>(6),
    };
}

/// <summary>What became of a check.</summary>
/// <param name="Result">0, or the number of the error.</param>
/// <param name="Client">The client's account; null unless the result is 0.</param>
/// <param name="RetryAfter">When to try again; null unless there were too many attempts.</param>
internal sealed record ClientCheck(int Result, Caller? Client, TimeSpan? RetryAfter);
