using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.IdentityService.Tokens;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary>
/// <c>POST /api/token</c>: makes a Solder token. Its text is in this answer and nowhere else. It has the scope <c>solder</c> alone, and no end unless it is made with a token that has one: then it ends
/// with that. 403 for a token that is restricted to packs, since what it would make is not.
/// </summary>
internal static class CreateSolderToken
{
    private const string LockSql = "SELECT id FROM accounts WHERE id = $1 FOR UPDATE"; // makes two requests count one after the other

    private const string CountSql = "SELECT count(*) FROM solder_tokens WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > $2)";

    private const string InsertSql = "INSERT INTO solder_tokens (credential_id, secret_hash, account_id, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";

    /// <summary>What a token is for.</summary>
    /// <param name="Name">1 to 255 characters.</param>
    public sealed record SolderTokenRequest(string Name);

    /// <summary>A Solder token that was made.</summary>
    /// <param name="Token">The token.</param>
    public sealed record Response(CreatedSolderToken Token);

    /// <summary>A Solder token that was made.</summary>
    /// <param name="Id">Its number, for revoking it.</param>
    /// <param name="Name">What it is for.</param>
    /// <param name="Plaintext">The token itself: its number, a bar, and <c>sldr_</c> with 43 letters and digits.</param>
    /// <param name="CreatedAt">When it was made.</param>
    public sealed record CreatedSolderToken(long Id, string Name, string Plaintext, [property: JsonPropertyName("created_at")] string CreatedAt);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/token", HandleAsync).WithName(nameof(CreateSolderToken)).Produces<Response>(StatusCodes.Status201Created);

    internal static async Task<IResult> HandleAsync(
        Actor actor, SolderBody<SolderTokenRequest> body, IOptions<TokenOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (actor.Caller.Packs is not null) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var name = form.OnlyText("name", required: true);
        if (form.IsInvalid(out var invalid)) return invalid;
        return await db.InTransactionAsync(connection => InsertAsync(connection, actor, name!, options.Value.PerAccount, clock.GetUtcNow(), stop), stop);
    }

    private static async Task<IResult> InsertAsync(NpgsqlConnection connection, Actor actor, string name, int most, DateTimeOffset now, CancellationToken stop)
    {
        var accountId = actor.Caller.AccountId;
        await connection.ExecuteAsync(LockSql, stop, accountId);
        if (await connection.ScalarAsync<long>(CountSql, stop, accountId, now) >= most) return SolderError.Conflict($"An account has at most {most} tokens; revoke one that is not needed.");
        var (secret, credentialId) = (SolderTokenSecret.Create(), Guid.CreateVersion7(now));
        var expiresAt = actor.Caller.Credential == CredentialKind.Token ? actor.Caller.CredentialExpiresAt : null; // a session goes on, and makes tokens without an end
        var id = await connection.ScalarAsync<long>(InsertSql, stop, credentialId, SecretHash.Of(secret), accountId, name, now, expiresAt);
        await connection.WriteAsync(actor.Did(AuditActions.TokenCreated, $"token:{credentialId}", now, subject: null, ("name", name), ("scopes", Scopes.Solder)), stop);
        return TypedResults.Created((string?)null, new Response(new CreatedSolderToken(id, name, new SolderTokenSecret(id, secret).ToString(), SolderTime.Write(now))));
    }
}
