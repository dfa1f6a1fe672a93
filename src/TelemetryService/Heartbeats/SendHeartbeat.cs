using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary><c>POST /api/v1/servers/{slug}/heartbeat</c>: a server's check-in. 200 says that it is stored. Errors: <c>server_not_found</c> 404.</summary>
internal static class SendHeartbeat
{
    public static void Map(RouteGroupBuilder servers) => servers.MapPost("/{slug}/heartbeat", HandleAsync).WithName(nameof(SendHeartbeat));

    internal static async Task<Results<Ok<HeartbeatResponse>, ApiError>> HandleAsync(
        string slug, JsonBody<HeartbeatRequest> body, Caller caller, ServerDirectory directory, ServerMap map, CommitQueue commits, TimeProvider clock,
        IOptions<HeartbeatOptions> options, IOptions<HubOptions> hub, CancellationToken stop)
    {
        var receivedAt = clock.GetUtcNow();
        if (await directory.FindAsync(slug, stop) is not { } server) return ApiError.NotFound(ServersFeature.ServerNotFound, "server", slug);
        if (server.OwnerId != caller.AccountId) return ApiError.NotOwner("server", slug);
        if (!caller.MayTouchServer(slug)) return ApiError.Forbidden($"the API token is restricted to other servers than '{slug}'");

        var read = await body.ReadAsync(stop, shapeCode: HeartbeatsFeature.InvalidHeartbeat);
        if (!read.TryGet(out var request, out var error)) return error;
        if (request.FindProblem() is { } problem) return ApiError.BadRequest(HeartbeatsFeature.InvalidHeartbeat, problem);

        var reading = new Reading(request.CurrentPlayers, request.MaxPlayers, request.CpuPct, request.MemoryPct, request.IsStopping);
        var result = await commits.CommitAsync(server, reading, receivedAt, stop);
        return result.Outcome switch
        {
            BeatOutcome.Stored => TypedResults.Ok(Answer(server, map, receivedAt, !reading.Stopping, options.Value, hub.Value)),
            BeatOutcome.RateLimited => new ApiError(StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, TooOften(options.Value)) { RetryAfter = result.RetryAfter },
            _ => ApiError.Unavailable("the store of heartbeats"),
        };
    }

    private static string TooOften(HeartbeatOptions options) =>
        $"heartbeats of one server: one every {options.MinimumInterval.TotalSeconds} s, at most {options.Burst} at once";

    private static HeartbeatResponse Answer(KnownServer server, ServerMap map, DateTimeOffset seenAt, bool online, HeartbeatOptions options, HubOptions hub)
    {
        HeartbeatPack? pack = null;
        if (server.PackSlug is { } slug)
        {
            var version = map.VersionFor(server);
            pack = new(slug, version, version is null ? null : hub.Link($"/api/v1/packs/{slug}/manifest/{Uri.EscapeDataString(version)}"));
        }

        return new(Ok: true, seenAt, online, pack, (int)options.AdvisedInterval.TotalSeconds);
    }
}

/// <summary>Answer to a heartbeat that is stored.</summary>
/// <param name="Ok">Always true.</param>
/// <param name="LastSeenAt">When the hub received it, by the hub's clock, UTC.</param>
/// <param name="Online">False after <c>state: "stopping"</c>.</param>
/// <param name="AttachedPack">The pack that the server should run; null when none is attached.</param>
/// <param name="NextHeartbeatSeconds">Advised pause until the next heartbeat, in seconds.</param>
public sealed record HeartbeatResponse(bool Ok, DateTimeOffset LastSeenAt, bool Online, HeartbeatPack? AttachedPack, int NextHeartbeatSeconds);

/// <summary>The pack that a server should run.</summary>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Version">Version to install: the server's pin, or the latest; null when the pack has none yet.</param>
/// <param name="ManifestUrl">Where that version's signed manifest is; null without a version.</param>
public sealed record HeartbeatPack(string Slug, string? Version, string? ManifestUrl);
