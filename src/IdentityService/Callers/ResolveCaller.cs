using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Secrets;
using PackRelay.IdentityService.Sessions;
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
        SELECT t.id, a.id, a.username, a.display_name, a.role, a.plan, t.scopes, t.packs, t.servers, t.expires_at
          FROM api_tokens t JOIN accounts a ON a.id = t.account_id
         WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND a.suspended_at IS NULL
        """;

    private const string SessionSql = """
        SELECT s.id, a.id, a.username, a.display_name, a.role, a.plan, NULL::text[], NULL::text[], NULL::text[], s.expires_at
          FROM sessions s JOIN accounts a ON a.id = s.account_id
         WHERE s.secret_hash = $1 AND s.expires_at > $2 AND a.suspended_at IS NULL
        """;

    // Open: whoever reaches it must know the secret already, and no gateway route leads to it.
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/callers", HandleAsync).OpenToAnyone().WithName(nameof(ResolveCaller)).ExcludeFromDescription();

    internal static async Task<Results<ContentHttpResult, ApiError>> HandleAsync(
        JsonBody<ResolveCallerRequest> body, CallerToken callers, CredentialUses uses, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        if (!IsWellFormed(request)) return InvalidToken();

        var now = clock.GetUtcNow();
        var sql = request.Kind == CredentialKind.Token ? TokenSql : SessionSql;
        var caller = await db.FirstAsync(sql, row => Read(row, request.Kind), stop, SecretHash.Of(request.Secret), now);
        if (caller is null) return InvalidToken();
        uses.Record(caller.Credential, caller.CredentialId, now);
        return TypedResults.Text(callers.Write(caller));
    }

    private static bool IsWellFormed(ResolveCallerRequest request) => request.Kind switch
    {
        CredentialKind.Token => TokenSecret.IsWellFormed(request.Secret),
        CredentialKind.Session => SessionSecret.IsWellFormed(request.Secret),
        _ => false,
    };

    private static Caller Read(NpgsqlDataReader row, CredentialKind kind)
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
            Scopes = row.GetNullable<string[]>(6)?.Where(allowed.Contains).ToHashSet(StringComparer.Ordinal) ?? allowed,
            Packs = row.GetNullable<string[]>(7),
            Servers = row.GetNullable<string[]>(8),
            CredentialExpiresAt = row.GetFieldValue<DateTimeOffset>(9),
        };
    }

    private static ApiError InvalidToken() =>
        new(StatusCodes.Status401Unauthorized, ErrorCodes.InvalidToken, "the API token or session is unknown, expired or revoked");
}
