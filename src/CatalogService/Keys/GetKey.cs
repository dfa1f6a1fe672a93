using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Keys;

/// <summary><c>GET /api/v1/keys/{keyId}</c>: a key, with the slash of its id escaped or plain.</summary>
internal static class GetKey
{
    private const string Sql = $"SELECT {PublisherKey.Columns} FROM publisher_keys k WHERE k.key_id = $1";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapRead("/api/v1/keys/{keyId}", (string keyId, NpgsqlDataSource db, CancellationToken stop) => HandleAsync(KeyRoute.Unescape(keyId), db, stop)).WithName(nameof(GetKey));
        app.MapRead("/api/v1/keys/{publisher}/{name}", (string publisher, string name, NpgsqlDataSource db, CancellationToken stop) => HandleAsync($"{publisher}/{name}", db, stop)).WithName("GetKeyByName");
    }

    private static async Task<Results<Ok<PublisherKey>, ApiError>> HandleAsync(string keyId, NpgsqlDataSource db, CancellationToken stop)
    {
        if (!KeyRoute.IsKeyId(keyId)) return KeyErrors.NotFound(keyId);
        return await db.FirstAsync(Sql, PublisherKey.Read, stop, keyId) is { } key ? TypedResults.Ok(key) : KeyErrors.NotFound(keyId);
    }
}
