using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Packs;

/// <summary>
/// <c>DELETE /api/v1/packs/{slug}</c>, by the owner. The pack and everything of it is 404 from then on. Its slug stays the owner's: created again it has
/// its old versions, all of them withdrawn, so that a version number never stands for other bytes.
/// </summary>
internal static class DeletePack
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder packs) => packs.MapDelete("/{slug}", HandleAsync).WithName(nameof(DeletePack));

    private static async Task<Results<NoContent, ApiError>> HandleAsync(string slug, Actor actor, PackAccess packs, RemovedPacks removed, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Own, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        return await removed.RemoveAsync(pack, actor, stop) ? TypedResults.NoContent() : PackErrors.NotFound(slug);
    }
}
