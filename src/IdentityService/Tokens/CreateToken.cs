using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Tokens;

/// <summary>Mints an API token. Its text is in this answer and nowhere else.</summary>
internal static class CreateToken
{
    // The caller's role may be older than a promotion of a moment ago, so it is read here. The lock makes two requests count one after the other.
    private const string RoleSql = "SELECT role FROM accounts WHERE id = $1 FOR UPDATE";

    private const string CountSql = "SELECT count(*) FROM api_tokens WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2";

    private const string InsertSql = """
        INSERT INTO api_tokens (id, secret_hash, account_id, name, scopes, packs, servers, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    public static void Map(RouteGroupBuilder tokens) => tokens.MapPost("", HandleAsync).RequireSession().WithName(nameof(CreateToken));

    internal static async Task<Results<Created<CreatedToken>, ApiError>> HandleAsync(
        Actor actor, JsonBody<CreateTokenRequest> body, IOptions<TokenOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        if (request.Check() is { } problem) return problem;
        return await db.InTransactionAsync(connection => InsertAsync(connection, actor, request, options.Value.PerAccount, clock.GetUtcNow(), stop), stop);
    }

    private static async Task<Results<Created<CreatedToken>, ApiError>> InsertAsync(
        NpgsqlConnection connection, Actor actor, CreateTokenRequest request, int mostTokens, DateTimeOffset now, CancellationToken stop)
    {
        var accountId = actor.Caller.AccountId;
        if (await connection.ScalarAsync<string>(RoleSql, stop, accountId) is not { } role) return ApiError.Unauthenticated();
        var allowed = Scopes.AllowedFor(RoleText.Parse(role));
        if (request.Scopes?.FirstOrDefault(scope => !allowed.Contains(scope)) is { } excess)
            return new ApiError(StatusCodes.Status403Forbidden, TokenCodes.ScopeNotAllowed, $"scopes: the role {role} does not allow {excess}");
        if (await connection.ScalarAsync<long>(CountSql, stop, accountId, now) >= mostTokens)
            return ApiError.Conflict(TokenCodes.TooManyTokens, $"an account has at most {mostTokens} API tokens; revoke one that is not needed");

        var secret = TokenSecret.Create();
        var token = new CreatedToken(
            Guid.CreateVersion7(now), request.Name.Trim(), secret, Sorted(request.Scopes ?? [.. allowed])!, now + request.Life);
        await connection.ExecuteAsync(
            InsertSql, stop, token.Id, SecretHash.Of(secret), accountId, token.Name, token.Scopes, Sorted(request.Packs), Sorted(request.Servers), now, token.ExpiresAt);
        await connection.WriteAsync(
            actor.Did(AuditActions.TokenCreated, $"token:{token.Id}", now, subject: null, ("name", token.Name), ("scopes", string.Join(' ', token.Scopes))), stop);
        return TypedResults.Created((string?)null, token);
    }

    private static string[]? Sorted(IEnumerable<string>? names) => names?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
}
