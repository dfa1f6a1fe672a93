using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>GET /api/v1/servers/{slug}</c>: one server.</summary>
internal static class GetServer
{
    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}", HandleAsync).WithName(nameof(GetServer));

    private static async Task<Results<Ok<CatalogServer>, ApiError>> HandleAsync(string slug, Caller caller, ServerPages pages, CancellationToken stop) =>
        await pages.FindAsync(slug, caller, stop) is { } server ? TypedResults.Ok(server) : ServerErrors.NotFound(slug);
}
