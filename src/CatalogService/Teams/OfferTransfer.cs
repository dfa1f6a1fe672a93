using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Teams;

/// <summary><c>POST</c> and <c>DELETE /api/v1/packs/{slug}/transfer</c>: the owner offers the pack to another account, and takes the offer back.</summary>
internal static class OfferTransfer
{
    /// <summary>
    /// Whom the pack is offered to; a new offer replaces an open one. Errors, by <c>code</c>: <c>invalid_username</c> 400 for the owner, <c>not_found</c> 404
    /// for an account that does not exist.
    /// </summary>
    /// <param name="Username">The account's username. It must be a server owner, with room in its plan, by the time it accepts.</param>
    public sealed record Request(string Username);

    public static void Map(RouteGroupBuilder pack)
    {
        pack.MapPost("/transfer", OfferAsync).WithName(nameof(OfferTransfer)).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
        pack.MapDelete("/transfer", TakeBackAsync).WithName("TakeTransferBack").RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
    }

    private static async Task<Results<Created<TransferOffer>, ApiError>> OfferAsync(
        string slug, JsonBody<Request> body, Actor actor, PackAccess packs, Transfers transfers, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Own, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out error)) return error;
        var (offer, refusal) = await transfers.OfferAsync(pack, request.Username, actor, stop);
        return offer is not null ? TypedResults.Created($"/api/v1/packs/{slug}/members", offer) : refusal!;
    }

    private static async Task<Results<NoContent, ApiError>> TakeBackAsync(string slug, Actor actor, PackAccess packs, Transfers transfers, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Own, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        return await transfers.EndAsync(pack.Slug, receiverId: null, actor, stop) ? TypedResults.NoContent() : TeamErrors.NoTransfer(slug);
    }
}
