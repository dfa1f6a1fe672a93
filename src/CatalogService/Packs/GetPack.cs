using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>GET /api/v1/packs/{slug}</c>: one pack. A private one is there for its owner and members only.</summary>
internal static class GetPack
{
    public static void Map(RouteGroupBuilder packs) => packs.MapRead("/{slug}", HandleAsync).WithName(nameof(GetPack));

    private static async Task<Results<Ok<PackPage>, ApiError>> HandleAsync(string slug, Caller caller, PackPages pages, CancellationToken stop) =>
        await pages.FindAsync(slug, caller, stop) is { } page ? TypedResults.Ok(page) : PackErrors.NotFound(slug);
}
