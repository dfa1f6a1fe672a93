using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>PUT</c> and <c>DELETE /api/v1/servers/{slug}/pack</c></summary>
internal static class AttachPack
{
    /// <summary>
    /// The pack that the server runs from now on, any that its owner sees. Errors, by <c>code</c>: <c>not_found</c> 404 for the pack or the version,
    /// <c>withdrawn</c> 410 for a pin on a withdrawn version.
    /// </summary>
    /// <param name="Slug">The pack's slug.</param>
    /// <param name="Version">Version to stay on; null or absent to follow the latest.</param>
    public sealed record Request(string Slug, string? Version = null);

    public static void Map(RouteGroupBuilder servers)
    {
        servers.MapPut("/{slug}/pack", AttachAsync).WithName(nameof(AttachPack)).RequireRole(Role.ServerOwner).RequireScope(Scopes.ServersWrite);
        servers.MapDelete("/{slug}/pack", DetachAsync).WithName("DetachPack").RequireRole(Role.ServerOwner).RequireScope(Scopes.ServersWrite);
    }

    /// <summary>Attaches a pack: what the server's players install from now on.</summary>
    private static async Task<Results<Ok<CatalogServer>, ApiError>> AttachAsync(
        string slug, JsonBody<Request> body, Caller caller, ServerLookup servers, PackAccess packs, Attachments attachments, ServerPages pages, CancellationToken stop)
    {
        var found = await servers.FindOwnAsync(slug, caller, stop);
        if (!found.TryGet(out var server, out var error)) return error;
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out error)) return error;
        var wanted = await packs.FindAsync(request.Slug, caller, stop);
        if (!wanted.TryGet(out var pack, out error)) return error;
        if (request.Version is not null)
        {
            error = await CheckPinAsync(pack, request.Version, attachments, stop);
            if (error is not null) return error;
        }

        if (!await attachments.SetAsync(server, pack.Id, request.Version, stop)) return PackErrors.NotFound(pack.Slug);
        return TypedResults.Ok(await pages.FindAsync(slug, caller, stop));
    }

    private static async Task<ApiError?> CheckPinAsync(PackFacts pack, string version, Attachments attachments, CancellationToken stop) =>
        await attachments.FindPinAsync(pack.Id, version, stop) switch
        {
            PinState.Good => null,
            PinState.Withdrawn => VersionErrors.Gone(pack.Slug, version),
            _ => VersionErrors.NotFound(pack.Slug, version),
        };

    /// <summary>Detaches the server's pack. May be repeated.</summary>
    private static async Task<Results<Ok<CatalogServer>, ApiError>> DetachAsync(string slug, Caller caller, ServerLookup servers, Attachments attachments, ServerPages pages, CancellationToken stop)
    {
        var found = await servers.FindOwnAsync(slug, caller, stop);
        if (!found.TryGet(out var server, out var error)) return error;
        await attachments.SetAsync(server, packId: null, pin: null, stop);
        return TypedResults.Ok(await pages.FindAsync(slug, caller, stop));
    }
}
