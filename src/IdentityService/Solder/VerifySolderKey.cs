using Npgsql;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary><c>GET /api/verify/{key}</c>: whether a Solder key is good; 10 times a minute for each address. 403 <c>Invalid key provided.</c></summary>
internal static class VerifySolderKey
{
    private const string NameSql = "SELECT name FROM solder_keys WHERE key_hash = $1";

    /// <summary>A key that is good.</summary>
    /// <param name="Valid">Always <c>Key validated.</c></param>
    /// <param name="Name">What the key is for.</param>
    public sealed record Response(string Valid, string Name);

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/verify/{key}", HandleAsync).WithName(nameof(VerifySolderKey)).Produces<Response>();

    internal static async Task<IResult> HandleAsync(string key, NpgsqlDataSource db, CancellationToken stop) =>
        await db.ScalarAsync<string>(NameSql, stop, SecretHash.Of(key)) is { } name
            ? TypedResults.Ok(new Response("Key validated.", name))
            : SolderError.Forbidden("Invalid key provided.");
}
