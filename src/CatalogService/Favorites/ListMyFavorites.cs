using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Favorites;

/// <summary><c>GET /api/v1/me/favorites</c>: what the caller marked as favourites.</summary>
internal static class ListMyFavorites
{
    private const string PacksSql = $"""
        SELECT p.slug, {PackGate.Columns} FROM pack_favorites f JOIN packs p ON p.id = f.pack_id WHERE f.account_id = $1 ORDER BY f.created_at DESC, f.pack_id LIMIT 10000
        """;

    private const string ServersSql = "SELECT s.slug FROM server_favorites f JOIN servers s ON s.id = f.server_id WHERE f.account_id = $1 ORDER BY f.created_at DESC, f.server_id LIMIT 10000";

    /// <summary>The caller's favourites, the newest first; at most 10,000 of each kind. What is deleted, or has become private, is not among them.</summary>
    /// <param name="Packs">Slugs of packs.</param>
    /// <param name="Servers">Slugs of servers.</param>
    public sealed record Response(IReadOnlyList<string> Packs, IReadOnlyList<string> Servers);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/me/favorites", HandleAsync).WithName(nameof(ListMyFavorites));

    private static async Task<Ok<Response>> HandleAsync(Caller caller, NpgsqlDataSource db, HttpResponse response, CancellationToken stop)
    {
        var packs = await db.ListAsync(PacksSql, row => (Slug: row.GetString(0), Gate: PackGate.Read(row, 1)), stop, caller.AccountId);
        var servers = await db.ListAsync(ServersSql, row => row.GetString(0), stop, caller.AccountId);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response([.. packs.Where(pack => pack.Gate.Admits(caller, pack.Slug)).Select(pack => pack.Slug)], servers));
    }
}
