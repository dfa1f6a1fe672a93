using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>DELETE /api/v1/servers/{slug}</c>, by the owner, for whom the slug stays reserved. A server created again is a new one: it has no past.</summary>
internal static class DeleteServer
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder servers) => servers.MapDelete("/{slug}", HandleAsync).WithName(nameof(DeleteServer));

    private static async Task<Results<NoContent, ApiError>> HandleAsync(string slug, Actor actor, ServerLookup servers, ServerEdits edits, CancellationToken stop)
    {
        var found = await servers.FindOwnAsync(slug, actor.Caller, stop);
        if (!found.TryGet(out var server, out var error)) return error;
        return await edits.RemoveAsync(server, actor, stop) ? TypedResults.NoContent() : ServerErrors.NotFound(slug);
    }
}
