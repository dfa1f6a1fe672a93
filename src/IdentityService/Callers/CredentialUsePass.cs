using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.IdentityService.Sessions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Callers;

/// <summary>Writes down the uses that were collected: when a token was last used, and that a session goes on.</summary>
internal sealed class CredentialUsePass(CredentialUses uses, IOptions<SessionLifetimeOptions> sessions, NpgsqlDataSource db)
{
    // Of two kinds; an id is of one of them.
    private const string TokensSql = """
        WITH of_solder AS (
            UPDATE solder_tokens s SET last_used_at = greatest(s.last_used_at, u.at)
              FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at) WHERE s.credential_id = u.id)
        UPDATE api_tokens t SET last_used_at = greatest(t.last_used_at, u.at)
          FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at) WHERE t.id = u.id
        """;

    // $3: life after a use, $4: greatest age
    private const string SessionsSql = """
        UPDATE sessions s SET last_seen_at = greatest(s.last_seen_at, u.at), expires_at = least(greatest(s.last_seen_at, u.at) + $3, s.created_at + $4)
          FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at) WHERE s.id = u.id
        """;

    public async Task RunAsync(CancellationToken stop)
    {
        var taken = uses.Take();
        try
        {
            var (tokens, tokenTimes) = Columns(taken, CredentialKind.Token);
            if (tokens.Length > 0) await db.ExecuteAsync(TokensSql, stop, tokens, tokenTimes);
            var (ids, times) = Columns(taken, CredentialKind.Session);
            if (ids.Length > 0) await db.ExecuteAsync(SessionsSql, stop, ids, times, sessions.Value.Lifetime, sessions.Value.GreatestAge);
        }
        catch
        {
            foreach (var ((kind, id), at) in taken) uses.Record(kind, id, at); // for the next pass; writing one twice changes nothing
            throw;
        }
    }

    // In the order of ids: two replicas that write the same rows then wait for each other instead of blocking each other.
    private static (Guid[] Ids, DateTimeOffset[] Times) Columns(IReadOnlyDictionary<(CredentialKind Kind, Guid Id), DateTimeOffset> taken, CredentialKind kind)
    {
        var rows = taken.Where(use => use.Key.Kind == kind).OrderBy(use => use.Key.Id).ToList();
        return ([.. rows.Select(use => use.Key.Id)], [.. rows.Select(use => use.Value)]);
    }
}
