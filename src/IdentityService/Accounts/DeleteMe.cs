using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Sessions;
using PackRelay.ServiceDefaults.Accounts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>
/// Body of <c>DELETE /api/v1/me</c>. Errors, by <c>code</c>: <c>wrong_password</c> 403; <c>account_not_empty</c>, <c>last_admin</c> 409; <c>rate_limited</c> 429, counted
/// together with the sign-ins of this login; <c>unavailable</c> 503 when too many passwords wait to be checked, or while the catalog cannot be asked.
/// </summary>
/// <param name="Password">The account's password.</param>
public sealed record DeleteMeRequest(string Password);

/// <summary>
/// Deletes the caller's account, for good: 204. It must own no pack and no server. Everybody is signed out, tokens, clients, keys and webhooks go, and what the hub knows of the
/// person. The username stays taken.
/// </summary>
internal static class DeleteMe
{
    private const int LargestBodyBytes = 32 * 1024;

    private const string NobodysName = "Deleted account";

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    private const string IsLastAdminSql = """
        SELECT EXISTS (SELECT FROM accounts WHERE id = $1 AND role = 'admin') AND NOT EXISTS (SELECT FROM accounts WHERE role = 'admin' AND suspended_at IS NULL AND id <> $1)
        """;

    // An empty hash is no password's.
    private const string DeleteSql = $"""
        UPDATE accounts SET email = NULL, password_hash = '', display_name = $3, image = NULL, minecraft_name = NULL, minecraft_uuid = NULL, role = 'player', plan = 'free',
               solder_permissions = DEFAULT, solder_modpacks = DEFAULT, suspended_at = $4, deleted_at = $4, revision = revision + 1
         WHERE id = $1 AND password_hash = $2
        RETURNING {Account.Columns}
        """;

    private const string TokensSql = """
        WITH of_solder AS (DELETE FROM solder_tokens WHERE account_id = $1 RETURNING credential_id),
        tokens AS (DELETE FROM api_tokens WHERE account_id = $1 RETURNING id)
        SELECT credential_id FROM of_solder UNION ALL SELECT id FROM tokens
        """;

    private const string ClientsSql = "DELETE FROM clients WHERE account_id = $1";

    public static void Map(RouteGroupBuilder me) => me.MapDelete("", HandleAsync).RequireSession().WithName(nameof(DeleteMe));

    internal static async Task<Results<NoContent, ApiError>> HandleAsync(
        HttpContext context, Actor actor, JsonBody<DeleteMeRequest> body, PasswordProof proof, CatalogProperty catalog, SessionStore sessions, NpgsqlDataSource db,
        TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        var proven = await proof.CheckAsync(actor, request.Password, context.Response, stop, member: "password");
        if (!proven.TryGet(out var hash, out error)) return error;
        var property = await catalog.FindAsync(actor.Caller.AccountId, stop);
        if (property is not { Packs: 0, Servers: 0 }) return NotEmpty(property);
        error = await db.InTransactionAsync(connection => DeleteAsync(connection, actor, hash, sessions, clock.GetUtcNow(), stop), stop);
        if (error is not null) return error;
        SessionCookie.Remove(context);
        return TypedResults.NoContent();
    }

    private static async Task<ApiError?> DeleteAsync(NpgsqlConnection connection, Actor actor, string hash, SessionStore sessions, DateTimeOffset now, CancellationToken stop)
    {
        var id = actor.Caller.AccountId;
        await connection.ExecuteAsync(LockSql, stop, FirstAdmin.AdvisoryLock); // else the last two administrators could go at once
        if (await connection.ScalarAsync<bool>(IsLastAdminSql, stop, id)) return ApiError.Conflict(AccountCodes.LastAdmin, "this is the last administrator; make another one first");
        var deleted = await connection.FirstAsync(DeleteSql, Account.Read, stop, id, hash, NobodysName, now);
        if (deleted is null) return PasswordProof.Wrong("password"); // changed since it was checked
        await sessions.EndAllAsync(connection, id, stop);
        foreach (var token in await connection.ListAsync(TokensSql, row => row.GetGuid(0), stop, id))
            await connection.PublishAsync(Account.EventEntity(id), new TokenRevoked(Guid.CreateVersion7(now), now, token, id), stop);
        await connection.ExecuteAsync(ClientsSql, stop, id);
        await connection.PublishAsync(Account.EventEntity(id), deleted.ToChanged(now) with { Deleted = true }, stop);
        await connection.WriteAsync(actor.Did(AuditActions.AccountDeleted, Account.EventEntity(id), now), stop);
        return null;
    }

    private static ApiError NotEmpty(AccountProperty property) => ApiError.Conflict(
        AccountCodes.AccountNotEmpty,
        string.Create(CultureInfo.InvariantCulture, $"the account owns {property.Packs} packs and {property.Servers} servers; delete them, or give the packs away, first"));
}
