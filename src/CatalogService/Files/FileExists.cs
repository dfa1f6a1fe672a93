using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files;

/// <summary><c>GET /api/v1/files/exists?hash=</c>: spares a publisher the upload of what the hub has.</summary>
internal static class FileExists
{
    // Who asks wants it: the collector leaves it for as long as a new one. Written once an hour at most.
    private const string Sql = """
        WITH wanted AS (UPDATE files SET idle_since = $2 WHERE sha256 = $1 AND idle_since < $2 - interval '1 hour')
        SELECT size_bytes FROM files WHERE sha256 = $1
        """;

    /// <summary>Whether the hub has a file.</summary>
    /// <param name="Exists">Whether it has.</param>
    /// <param name="Size">Its size in bytes; null when it has not.</param>
    public sealed record Response(bool Exists, long? Size);

    public static RouteHandlerBuilder Map(RouteGroupBuilder files) => files.MapRead("/exists", HandleAsync).WithName(nameof(FileExists))
        .TakesQuery("hash", "SHA-256 of the file, 64 lower-case hexadecimal digits.", new { type = "string", pattern = "^[0-9a-f]{64}$" }, required: true, code: "invalid_hash");

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var hash = request.Query["hash"].ToString();
        if (!Sha256Hex.IsValid(hash)) return ApiError.Invalid("hash", Sha256Hex.Rule);
        var sizes = await db.ListAsync(Sql, row => row.GetInt64(0), stop, Convert.FromHexString(hash), clock.GetUtcNow());
        return TypedResults.Ok(new Response(sizes.Count > 0, sizes.Count > 0 ? sizes[0] : null));
    }
}
