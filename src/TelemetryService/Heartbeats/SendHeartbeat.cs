using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Drift;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary><c>POST /api/v1/servers/{slug}/heartbeat</c>: a server's check-in. 200 says that it is stored. Errors: <c>server_not_found</c> 404.</summary>
internal static class SendHeartbeat
{
    public static void Map(RouteGroupBuilder servers) => servers.MapPost("/servers/{slug}/heartbeat", HandleAsync).WithLength().WithName(nameof(SendHeartbeat));

    private static async Task<Results<Ok<HeartbeatResponse>, ApiError>> HandleAsync(
        string slug, JsonBody<HeartbeatRequest> body, Caller caller, HeartbeatIntake intake, CancellationToken stop)
    {
        var receivedAt = intake.ReceivedAt();
        var (server, refusal) = await intake.AdmitAsync(slug, caller, stop);
        if (server is null) return refusal!;
        var read = await body.ReadAsync(stop, shapeCode: HeartbeatsFeature.InvalidHeartbeat);
        if (!read.TryGet(out var request, out var error)) return error;
        (var answer, refusal) = await intake.TakeAsync(server, request, receivedAt);
        return answer is null ? refusal! : TypedResults.Ok(answer);
    }
}

/// <summary>Answer to a heartbeat that is stored.</summary>
/// <param name="Ok">Always true.</param>
/// <param name="LastSeenAt">When the hub received it, by the hub's clock, UTC.</param>
/// <param name="Online">False after <c>state: "stopping"</c>.</param>
/// <param name="AttachedPack">The pack that the server should run; null when none is attached.</param>
/// <param name="Drift">In what the inventory differs from the attached version, at most 1,000 mods; absent without an inventory, or when it is not known what the version holds.</param>
/// <param name="NextHeartbeatSeconds">Advised pause until the next heartbeat, in seconds: by default half a minute to a minute, for every server another.</param>
public sealed record HeartbeatResponse(
    bool Ok, DateTimeOffset LastSeenAt, bool Online, HeartbeatPack? AttachedPack,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ModDrift>? Drift,
    int NextHeartbeatSeconds);

/// <summary>The pack that a server should run.</summary>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Version">Version to install: the server's pin, or the latest; null when the pack has none yet.</param>
/// <param name="ManifestUrl">Where that version's signed manifest is; null without a version.</param>
public sealed record HeartbeatPack(string Slug, string? Version, string? ManifestUrl);
