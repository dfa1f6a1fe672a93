using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.IdentityService.Railcraft;

/// <summary>
/// <c>POST /api/auth/</c>: gives a client a session token, which is valid for up to an hour, and for this client only. Tokens it has already stay valid. Errors of the dialect: 2, 3, 4, 5; 429 with error 5 when too many secrets
/// were tried.
/// </summary>
internal static class Authenticate
{
    private const int TokenLength = 43; // 62^43 > 2^256

    // Whoever asks for ever more tokens pushes out its own oldest.
    private const string InsertSql = """
        WITH old AS (
            DELETE FROM client_tokens WHERE secret_hash IN (
                SELECT secret_hash FROM client_tokens WHERE client_id = $2 ORDER BY created_at DESC OFFSET $5 - 1))
        INSERT INTO client_tokens (secret_hash, client_id, created_at, expires_at) SELECT $1, client_id, $3, $4 FROM clients WHERE client_id = $2
        """;

    /// <summary>Answer of <c>auth</c>.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>Session token, 43 letters and digits; absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Token { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(Authenticate)).Produces<Answer>().TakesBody("application/x-www-form-urlencoded", "`client_id` and `client_secret`; multipart forms, JSON and the query string do as well."),
        "auth");

    private static async Task<IResult> HandleAsync(
        RailcraftFields fields, HttpContext context, ClientChecks clients, IOptions<RailcraftTokenOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (!ClientKey.TryRead(fields, Actor.Of(context).Address, out var key, out var error)) return error;
        var check = await clients.CheckSecretAsync(key, stop);
        if (check.Client is null) return RailcraftError.Credentials(check.Result, check.RetryAfter);
        var token = Base62.Random(TokenLength);
        var now = clock.GetUtcNow();
        var isStored = await db.ExecuteAsync(InsertSql, stop, SecretHash.Of(token), key.ClientId, now, now + options.Value.TokenLifetime, options.Value.TokensPerClient) > 0;
        return isStored ? TypedResults.Ok(new Answer { Token = token }) : RailcraftError.Credentials(5, retryAfter: null); // deleted meanwhile
    }
}
