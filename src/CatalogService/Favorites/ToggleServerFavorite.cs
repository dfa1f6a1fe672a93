using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Servers;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Favorites;

/// <summary><c>POST /api/v1/servers/{slug}/favorite</c>: on when it was off, off when it was on. A body is not read.</summary>
internal static class ToggleServerFavorite
{
    private const string FindSql = "SELECT id FROM servers WHERE slug = $1";

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapPost("/api/v1/servers/{slug}/favorite", HandleAsync).WithName(nameof(ToggleServerFavorite));

    private static async Task<Results<Ok<FavoriteState>, ApiError>> HandleAsync(
        string slug, Caller caller, NpgsqlDataSource db, FavoriteToggle favorites, CancellationToken stop)
    {
        var id = await db.ScalarAsync<Guid>(FindSql, stop, slug);
        if (id == Guid.Empty) return ServerErrors.NotFound(slug);
        if (!caller.MayTouchServer(slug)) return ApiError.Forbidden($"the API token is not for the server '{slug}'");
        return await favorites.ServerAsync(id, caller.AccountId, stop) is { } state ? TypedResults.Ok(state) : ServerErrors.NotFound(slug);
    }
}
