using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Uptime;

/// <summary><c>GET /api/v1/servers/{slug}/uptime</c>: the uptime of each of the last 90 days. Public.</summary>
internal static class GetServerUptime
{
    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}/uptime", HandleAsync).WithName(nameof(GetServerUptime));

    private static async Task<Results<Ok<UptimeResponse>, ApiError>> HandleAsync(
        string slug, ServerDirectory directory, UptimeQueries uptime, TimeProvider clock, CancellationToken stop)
    {
        if (await directory.FindAsync(slug, stop) is not { } server) return ApiError.NotFound(ServersFeature.ServerNotFound, "server", slug);
        return TypedResults.Ok(new UptimeResponse(slug, await uptime.DaysAsync(server.Id, server.CreatedAt, clock.GetUtcNow(), stop)));
    }
}

/// <summary>A server's uptime by days. Errors, by <c>code</c>: <c>server_not_found</c> 404.</summary>
/// <param name="Slug">The server.</param>
/// <param name="Days">90 days of UTC, oldest first, today last.</param>
public sealed record UptimeResponse(string Slug, IReadOnlyList<UptimeDay> Days);

/// <summary>One day of a server.</summary>
/// <param name="Date">The day, UTC.</param>
/// <param name="UptimePct">Share of the day's 5-minute slots with a heartbeat, 0 to 100, one decimal; null before the registration and when the hub itself could not hear that day.</param>
public sealed record UptimeDay(DateOnly Date, double? UptimePct);
