using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary><c>GET /api/token</c>: the account's Solder tokens, without their text.</summary>
internal static class ListSolderTokens
{
    private const string SelectSql = "SELECT id, name, last_used_at, created_at FROM solder_tokens WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY id";

    /// <summary>A Solder token, without its text.</summary>
    /// <param name="Id">Its number, for revoking it.</param>
    /// <param name="Name">What it is for.</param>
    /// <param name="LastUsedAt">When it was last used, at most a minute old; null when it never was.</param>
    /// <param name="CreatedAt">When it was made.</param>
    public sealed record SolderToken(
        long Id, string Name, [property: JsonPropertyName("last_used_at")] string? LastUsedAt, [property: JsonPropertyName("created_at")] string CreatedAt);

    /// <summary>The account's Solder tokens.</summary>
    /// <param name="Tokens">In the order in which they were made.</param>
    public sealed record Response(IReadOnlyList<SolderToken> Tokens);

    public static void Map(RouteGroupBuilder writes) => writes.MapRead("/token", HandleAsync).WithName(nameof(ListSolderTokens)).Produces<Response>();

    internal static async Task<IResult> HandleAsync(Caller caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) =>
        TypedResults.Ok(new Response(await db.ListAsync(SelectSql, Read, stop, caller.AccountId, clock.GetUtcNow())));

    private static SolderToken Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetNullableValue<DateTimeOffset>(2) is { } used ? SolderTime.Write(used) : null, SolderTime.Write(row.GetFieldValue<DateTimeOffset>(3)));
}
