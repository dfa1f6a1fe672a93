using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.CatalogService.Teams;

/// <summary><c>POST /api/v1/packs/{slug}/transfer/accept</c> and <c>/decline</c>: what the receiver of an offer says.</summary>
internal static class AnswerTransfer
{
    public static void Map(RouteGroupBuilder pack)
    {
        pack.MapPost("/transfer/accept", AcceptAsync).WithName("AcceptTransfer").RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
        pack.MapPost("/transfer/decline", DeclineAsync).WithName("DeclineTransfer").RequireScopeOrSession(Scopes.PacksWrite);
    }

    /// <summary>Takes the offered pack over. Errors: <c>quota_exceeded</c> 402 when the receiver has as many packs as its plan allows.</summary>
    private static async Task<Results<Ok<PackPage>, ApiError>> AcceptAsync(
        string slug, Actor actor, Transfers transfers, PackPages pages, IOptionsMonitor<PlanOptions> plans, CancellationToken stop)
    {
        var caller = actor.Caller;
        if (!await transfers.IsOfferedAsync(slug, caller.AccountId, stop)) return TeamErrors.NoTransfer(slug);
        if (!caller.MayTouchPack(slug)) return ApiError.Forbidden($"the API token is not for the pack '{slug}'");
        var limit = plans.CurrentValue.Of(caller).Packs;
        return await transfers.AcceptAsync(slug, actor, limit, stop) switch
        {
            TransferOutcome.QuotaExceeded => PlanErrors.Exceeded(caller, "packs", limit),
            TransferOutcome.Accepted when await pages.FindAsync(slug, caller, stop) is { } page => TypedResults.Ok(page),
            _ => TeamErrors.NoTransfer(slug),
        };
    }

    /// <summary>Declines an offered pack; it stays where it is.</summary>
    private static async Task<Results<NoContent, ApiError>> DeclineAsync(string slug, Actor actor, Transfers transfers, CancellationToken stop)
    {
        var caller = actor.Caller;
        if (!await transfers.IsOfferedAsync(slug, caller.AccountId, stop)) return TeamErrors.NoTransfer(slug);
        if (!caller.MayTouchPack(slug)) return ApiError.Forbidden($"the API token is not for the pack '{slug}'");
        return await transfers.EndAsync(slug, caller.AccountId, actor, stop) ? TypedResults.NoContent() : TeamErrors.NoTransfer(slug);
    }
}
