using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Stats;

/// <summary><c>GET /api/v1/stats</c>: the hub in numbers, at most 5 seconds old. Public.</summary>
internal static class GetStats
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/stats", HandleAsync).WithName(nameof(GetStats));

    private static async Task<Ok<HubNumbers>> HandleAsync(HubStats stats, IOptions<StatsOptions> options, HttpResponse response, CancellationToken stop)
    {
        var numbers = await stats.ReadAsync(stop);
        response.Headers.CacheControl = $"public, max-age={(int)options.Value.Interval.TotalSeconds}";
        return TypedResults.Ok(numbers);
    }
}
