using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Sessions;

/// <summary>One place where the account is signed in.</summary>
/// <param name="Id">Id, for ending it.</param>
/// <param name="CreatedAt">When it began, UTC.</param>
/// <param name="LastSeenAt">When it was last used, UTC, at most a minute old.</param>
/// <param name="Address">Address that it was begun from; null when unknown.</param>
/// <param name="UserAgent">What the client called itself then; null when it said nothing.</param>
/// <param name="Current">Whether this request came with it.</param>
public sealed record SessionSummary(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, string? UserAgent, bool Current);

/// <summary>Where the account is signed in.</summary>
/// <param name="Sessions">Last used first; as many as an account may have.</param>
public sealed record SessionList(IReadOnlyList<SessionSummary> Sessions);

/// <summary><c>GET /api/v1/me/sessions</c>: where the account is signed in.</summary>
internal static class ListSessions
{
    // Bounded by Identity:Sessions:PerAccount, so that there are no pages.
    private const string SelectSql = """
        SELECT id, created_at, last_seen_at, address, user_agent, id = $3
          FROM sessions WHERE account_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC
        """;

    public static void Map(RouteGroupBuilder mine) => mine.MapRead("", HandleAsync).RequireSession().WithName(nameof(ListSessions));

    internal static async Task<Ok<SessionList>> HandleAsync(Caller caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) =>
        TypedResults.Ok(new SessionList(await db.ListAsync(SelectSql, Read, stop, caller.AccountId, clock.GetUtcNow(), caller.CredentialId)));

    private static SessionSummary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetNullable<string>(3), row.GetNullable<string>(4), row.GetBoolean(5));
}
