using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Tokens;

/// <summary>One API token, without its secret.</summary>
/// <param name="Id">Id, for revoking it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it allows, as far as the account's role still does.</param>
/// <param name="Packs">Slugs of the only packs it may touch; null when it is not restricted.</param>
/// <param name="Servers">Slugs of the only servers it may touch; null when it is not restricted.</param>
/// <param name="CreatedAt">When it was minted, UTC.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
/// <param name="LastUsedAt">When it was last used, UTC, at most a minute old; null when it never was.</param>
public sealed record TokenSummary(
    Guid Id, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Packs, IReadOnlyList<string>? Servers,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>The account's live API tokens.</summary>
/// <param name="Tokens">Newest first; as many as an account may have.</param>
public sealed record TokenList(IReadOnlyList<TokenSummary> Tokens);

/// <summary><c>GET /api/v1/me/tokens</c>: the account's live API tokens, newest first.</summary>
internal static class ListTokens
{
    // Bounded by Identity:Tokens:PerAccount, so that there are no pages.
    private const string SelectSql = """
        SELECT id, name, scopes, packs, servers, created_at, expires_at, last_used_at
          FROM api_tokens
         WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2
         ORDER BY created_at DESC, id DESC
        """;

    public static void Map(RouteGroupBuilder tokens) => tokens.MapRead("", HandleAsync).RequireSession().WithName(nameof(ListTokens));

    internal static async Task<Ok<TokenList>> HandleAsync(Caller caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) =>
        TypedResults.Ok(new TokenList(await db.ListAsync(SelectSql, Read, stop, caller.AccountId, clock.GetUtcNow())));

    private static TokenSummary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetNullable<string[]>(3), row.GetNullable<string[]>(4),
        row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetNullableValue<DateTimeOffset>(7));
}
