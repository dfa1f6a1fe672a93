using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Servers;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.CatalogService.Usage;

/// <summary><c>GET /api/v1/me/usage</c>: what the caller's account has, beside what its plan allows, by the same counters that refuse what is too much.</summary>
internal static class GetUsage
{
    /// <summary>What an account uses. A restricted token sees it all the same: limits are the account's.</summary>
    /// <param name="Plan"><c>free</c> or <c>pro</c>.</param>
    /// <param name="Packs">Packs that the account owns, private ones too; those of others in whose team it is are theirs.</param>
    /// <param name="Servers">Servers that it owns.</param>
    /// <param name="Storage">Files that it brought first, and parts of uploads that are not finished.</param>
    /// <param name="Egress">What was downloaded of its files and bundles this month; a few seconds old.</param>
    public sealed record Response(string Plan, Count Packs, Count Servers, Room Storage, Month Egress);

    /// <summary>A number of things.</summary>
    /// <param name="Used">How many there are.</param>
    /// <param name="Limit">How many there may be; fewer than there are after the plan became smaller: what is there stays.</param>
    public sealed record Count(long Used, long Limit);

    /// <summary>Bytes that are kept.</summary>
    /// <param name="UsedBytes">How many there are.</param>
    /// <param name="LimitBytes">How many there may be.</param>
    public sealed record Room(long UsedBytes, long LimitBytes);

    /// <summary>Bytes of a calendar month of UTC.</summary>
    /// <param name="UsedBytes">How many went out.</param>
    /// <param name="LimitBytes">From how many on downloads are refused.</param>
    /// <param name="ResetsAt">When the next month begins, UTC.</param>
    public sealed record Month(long UsedBytes, long LimitBytes, DateTimeOffset ResetsAt);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/me/usage", HandleAsync).WithName(nameof(GetUsage));

    private static async Task<Ok<Response>> HandleAsync(
        Caller caller, NewPacks packs, NewServers servers, StorageAccounts storage, EgressMeter egress, IOptionsMonitor<PlanOptions> plans, TimeProvider clock,
        HttpResponse response, CancellationToken stop)
    {
        var (id, limits, now) = (caller.AccountId, plans.CurrentValue.Of(caller), clock.GetUtcNow());
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(
            caller.Plan,
            new Count(await packs.CountAsync(id, stop), limits.Packs),
            new Count(await servers.CountAsync(id, stop), limits.Servers),
            new Room(await storage.UsedAsync(id, stop), limits.StorageBytes),
            new Month(await egress.UsedAsync(id, stop), limits.EgressBytesPerMonth, new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1))));
    }
}
