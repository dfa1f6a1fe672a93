using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Drift;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>What a heartbeat passes, alone or as one of a batch: who may send it, what it may say, the group commit, the answer.</summary>
internal sealed class HeartbeatIntake(
    ServerDirectory directory, ServerMap map, CommitQueue commits, AdvisedPause pause, DriftCheck drift, TimeProvider clock, IOptions<HeartbeatOptions> options,
    IOptions<HubOptions> hub)
{
    private readonly string tooOften = $"heartbeats of one server: one every {options.Value.MinimumInterval.TotalSeconds} s, at most {options.Value.Burst} at once";

    /// <summary>The server's beat, or why the caller may not send it.</summary>
    public async ValueTask<(KnownServer? Server, ApiError? Refusal)> AdmitAsync(string slug, Caller caller, CancellationToken stop)
    {
        if (await directory.FindAsync(slug, stop) is not { } server) return (null, ApiError.NotFound(ServersFeature.ServerNotFound, "server", slug));
        if (server.OwnerId != caller.AccountId) return (null, ApiError.NotOwner("server", slug));
        return caller.MayTouchServer(slug) ? (server, null) : (null, ApiError.Forbidden($"the API token is restricted to other servers than '{slug}'"));
    }

    /// <summary>
    /// When a beat that is read now was received. In whole milliseconds, as Redis, the events and the answers tell it: of two times of one beat none
    /// must be the later one.
    /// </summary>
    public DateTimeOffset ReceivedAt()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <summary>Stores a beat of an admitted server; completes when it is stored or refused.</summary>
    public async Task<(HeartbeatResponse? Answer, ApiError? Refusal)> TakeAsync(KnownServer server, HeartbeatRequest request, DateTimeOffset receivedAt)
    {
        if (request.FindProblem() is { } problem) return (null, ApiError.BadRequest(HeartbeatsFeature.InvalidHeartbeat, problem));
        var reading = new Reading(request.CurrentPlayers, request.MaxPlayers, request.CpuPct, request.MemoryPct, request.IsStopping, server.ShowPlayers ? request.Players : null);
        var pack = PackFor(server);
        var drifting = pack?.Version is { } version && request.Inventory is { } inventory ? drift.CompareAsync(pack.Slug, version, inventory) : null;
        var result = await commits.CommitAsync(server, reading, receivedAt);
        return result.Outcome switch
        {
            BeatOutcome.Stored => (
                new(Ok: true, receivedAt, !reading.Stopping, pack, drifting is null ? null : await drifting, pause.SecondsFor(server.Id, receivedAt)), null),
            BeatOutcome.RateLimited => (null, new(StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, tooOften) { RetryAfter = result.RetryAfter }),
            _ => (null, ApiError.Unavailable("the store of heartbeats")),
        };
    }

    /// <summary>What the server should run, as of now.</summary>
    private HeartbeatPack? PackFor(KnownServer server)
    {
        if (server.PackSlug is not { } slug) return null;
        var version = map.VersionFor(server);
        return new(slug, version, version is null ? null : hub.Value.Link($"/api/v1/packs/{slug}/manifest/{Uri.EscapeDataString(version)}"));
    }
}
