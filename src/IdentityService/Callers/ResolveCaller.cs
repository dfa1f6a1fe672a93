using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Secrets;
using PackRelay.IdentityService.Sessions;
using PackRelay.IdentityService.Solder;
using PackRelay.IdentityService.Tokens;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Callers;

/// <summary>
/// <c>POST /internal/callers</c>: what the gateway asks about a credential it does not know. 200 with the caller as signed text, or 401
/// <c>invalid_token</c>. Role, plan and scopes are those of this moment; a token never allows more than its account's role does now.
/// </summary>
internal static class ResolveCaller
{
    private const string TokenSql = """
        SELECT t.id, a.id, a.username, a.display_name, a.role, a.plan, t.scopes, t.packs, t.servers, t.expires_at, a.solder_permissions, a.solder_modpacks
          FROM api_tokens t JOIN accounts a ON a.id = t.account_id
         WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND a.suspended_at IS NULL
        """;

    private const string SessionSql = """
        SELECT s.id, a.id, a.username, a.display_name, a.role, a.plan, NULL::text[], NULL::text[], NULL::text[], s.expires_at, a.solder_permissions, a.solder_modpacks
          FROM sessions s JOIN accounts a ON a.id = s.account_id
         WHERE s.secret_hash = $1 AND s.expires_at > $2 AND a.suspended_at IS NULL
        """;

    private const string SolderTokenSql = """
        SELECT t.credential_id, a.id, a.username, a.display_name, a.role, a.plan, ARRAY['solder'], NULL::text[], NULL::text[], t.expires_at, a.solder_permissions, a.solder_modpacks
          FROM solder_tokens t JOIN accounts a ON a.id = t.account_id
         WHERE t.id = $2 AND t.secret_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $3) AND a.suspended_at IS NULL
        """;

    private const string SolderKeySql = "SELECT id FROM solder_keys WHERE key_hash = $1";

    private const string SolderClientSql = """
        SELECT c.credential_id, ARRAY(SELECT m.modpack_id FROM solder_client_modpacks m WHERE m.client_id = c.id) FROM solder_clients c WHERE c.uuid = $1
        """;

    // Open: whoever reaches it must know the secret already, and no gateway route leads to it.
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/callers", HandleAsync).OpenToAnyone().WithName(nameof(ResolveCaller)).ExcludeFromDescription();

    internal static async Task<Results<ContentHttpResult, ApiError>> HandleAsync(
        JsonBody<ResolveCallerRequest> body, CallerToken callers, CredentialUses uses, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        var now = clock.GetUtcNow();
        if (await FindAsync(request, db, now, stop) is not { } caller) return InvalidToken();
        if (caller.AccountId != Guid.Empty) uses.Record(caller.Credential, caller.CredentialId, now);
        return TypedResults.Text(callers.Write(caller));
    }

    /// <summary>Whoever the secret belongs to; null when it cannot be one, or is nobody's.</summary>
    private static async Task<Caller?> FindAsync(ResolveCallerRequest request, NpgsqlDataSource db, DateTimeOffset now, CancellationToken stop) => request switch
    {
        { Kind: CredentialKind.Token, Secret: var text } when TokenSecret.IsWellFormed(text) => await db.FirstAsync(TokenSql, row => Read(row, request.Kind), stop, SecretHash.Of(text), now),
        { Kind: CredentialKind.Token, Secret: var text } when SolderTokenSecret.TryRead(text, out var token) =>
            await db.FirstAsync(SolderTokenSql, row => Read(row, request.Kind, isSolders: true), stop, SecretHash.Of(token.Secret), token.Id, now),
        { Kind: CredentialKind.Session, Secret: var text } when SessionSecret.IsWellFormed(text) => await db.FirstAsync(SessionSql, row => Read(row, request.Kind), stop, SecretHash.Of(text), now),
        { Kind: CredentialKind.SolderKey, Secret: var text } => await db.FirstAsync(SolderKeySql, ReadKey, stop, SecretHash.Of(text)),
        { Kind: CredentialKind.SolderClient, Secret: var text } => await db.FirstAsync(SolderClientSql, ReadClient, stop, text),
        _ => null,
    };

    private static Caller ReadKey(NpgsqlDataReader row) =>
        new() { Credential = CredentialKind.SolderKey, CredentialId = row.GetGuid(0), Solder = SolderGrants.None with { HasKey = true } };

    private static Caller ReadClient(NpgsqlDataReader row) =>
        new() { Credential = CredentialKind.SolderClient, CredentialId = row.GetGuid(0), Solder = SolderGrants.None with { ClientModpacks = row.GetFieldValue<long[]>(1) } };

    private static Caller Read(NpgsqlDataReader row, CredentialKind kind, bool isSolders = false)
    {
        var role = RoleText.Parse(row.GetString(4));
        var allowed = Scopes.AllowedFor(role);
        return new()
        {
            Credential = kind,
            CredentialId = row.GetGuid(0),
            AccountId = row.GetGuid(1),
            Username = row.GetString(2),
            DisplayName = row.GetString(3),
            Role = role,
            Plan = row.GetString(5),
            // A token of the Solder dialect has its scope whatever the role: there an account's flags decide.
            Scopes = row.GetNullable<string[]>(6)?.Where(scope => isSolders || allowed.Contains(scope)).ToHashSet(StringComparer.Ordinal) ?? allowed,
            Packs = row.GetNullable<string[]>(7),
            Servers = row.GetNullable<string[]>(8),
            CredentialExpiresAt = row.GetNullableValue<DateTimeOffset>(9),
            Solder = SolderGrants.None with { Flags = row.GetFieldValue<string[]>(10), Modpacks = row.GetFieldValue<string[]>(11) },
        };
    }

    private static ApiError InvalidToken() =>
        new(StatusCodes.Status401Unauthorized, ErrorCodes.InvalidToken, "the API token or session is unknown, expired or revoked");
}
