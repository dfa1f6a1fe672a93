using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Drift;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>
/// <c>POST /api/v1/heartbeats</c>: the check-ins of many servers, for agents that look after them. Each is judged and answered for itself, as
/// <c>POST /api/v1/servers/{slug}/heartbeat</c> would; all that are good go into the same commit.
/// </summary>
internal static class SendHeartbeats
{
    private const int MostHeartbeats = 500;

    private const int BodyLimitBytes = 4 * 1024 * 1024; // the gateway's route has the same

    private const int ItemLimitBytes = 64 * 1024; // of a single heartbeat

    /// <summary>Body of the route, at most 4 MiB; a single heartbeat in it at most 64 KB. Errors: <c>invalid_heartbeats</c> 400 for none or too many.</summary>
    /// <param name="Heartbeats">1 to 500 heartbeats: each as it would be sent alone, and <c>slug</c>, its server.</param>
    public sealed record Request(IReadOnlyList<JsonElement> Heartbeats);

    /// <summary>One result per heartbeat.</summary>
    /// <param name="Results">In the order of the heartbeats.</param>
    public sealed record Response(IReadOnlyList<Result> Results);

    /// <summary>What became of one heartbeat: what a single one answers, with its status, or the error.</summary>
    /// <param name="Slug">The server that the heartbeat names; null when it names none.</param>
    /// <param name="Status">The HTTP status that it would have got alone: 200 when it is stored.</param>
    /// <param name="Error">Text for people; absent when it is stored.</param>
    /// <param name="Code">Constant for programs; absent when it is stored.</param>
    /// <param name="RetryAfterSeconds">When to come again, with 429 and 503.</param>
    /// <param name="Ok">True when it is stored, else absent.</param>
    /// <param name="LastSeenAt">When the hub received it, UTC.</param>
    /// <param name="Online">False after <c>state: "stopping"</c>.</param>
    /// <param name="AttachedPack">The pack that the server should run; absent when none is attached.</param>
    /// <param name="Drift">In what the inventory differs from the attached version; absent as in a single answer.</param>
    /// <param name="NextHeartbeatSeconds">Advised pause until the server's next heartbeat, in seconds; who sends many together goes by the first result.</param>
    public sealed record Result(
        string? Slug,
        int Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfterSeconds = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Ok = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? LastSeenAt = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Online = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HeartbeatPack? AttachedPack = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ModDrift>? Drift = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextHeartbeatSeconds = null);

    public static void Map(RouteGroupBuilder api) => api.MapPost("/heartbeats", HandleAsync).WithLength().WithName(nameof(SendHeartbeats))
        .WithMetadata(new DisableRequestSizeLimitAttribute()); // its own limit is checked while reading

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(JsonBody<Request> body, Caller caller, HeartbeatIntake intake, CancellationToken stop)
    {
        var receivedAt = intake.ReceivedAt();
        var read = await body.ReadAsync(stop, BodyLimitBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (request.Heartbeats.Count is 0 or > MostHeartbeats) return ApiError.Invalid("heartbeats", $"1 to {MostHeartbeats}");

        // All are under way before the first is waited for: one commit takes them together.
        var results = new Task<Result>[request.Heartbeats.Count];
        for (var i = 0; i < results.Length; i++) results[i] = TryTakeAsync(request.Heartbeats[i], receivedAt, caller, intake, stop);
        return TypedResults.Ok(new Response(await Task.WhenAll(results)));
    }

    /// <summary>An outage that one server meets is its own: others of the batch may be stored, and their agent is to know.</summary>
    private static async Task<Result> TryTakeAsync(JsonElement item, DateTimeOffset receivedAt, Caller caller, HeartbeatIntake intake, CancellationToken stop)
    {
        try
        {
            return await TakeAsync(item, receivedAt, caller, intake, stop);
        }
        catch (Exception error) when (error is not OperationCanceledException && ErrorsFeature.ToError(error) is { StatusCode: not StatusCodes.Status500InternalServerError } outage)
        {
            return Refused(SlugOf(item), outage);
        }
    }

    private static string? SlugOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("slug"u8, out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static async Task<Result> TakeAsync(JsonElement item, DateTimeOffset receivedAt, Caller caller, HeartbeatIntake intake, CancellationToken stop)
    {
        if (SlugOf(item) is not { } slug) return Refused(null, ApiError.BadRequest(HeartbeatsFeature.InvalidHeartbeat, "slug: the server's, as text"));
        var (server, refusal) = await intake.AdmitAsync(slug, caller, stop);
        if (server is null) return Refused(slug, refusal!);
        if (JsonMarshal.GetRawUtf8Value(item).Length > ItemLimitBytes) return Refused(slug, ApiError.TooLarge(ItemLimitBytes));
        var read = JsonPart.Read<HeartbeatRequest>(item, HeartbeatsFeature.InvalidHeartbeat);
        if (!read.TryGet(out var request, out var error)) return Refused(slug, error);
        (var answer, refusal) = await intake.TakeAsync(server, request, receivedAt);
        if (answer is null) return Refused(slug, refusal!);
        return new(
            slug, StatusCodes.Status200OK, Ok: true, LastSeenAt: answer.LastSeenAt, Online: answer.Online, AttachedPack: answer.AttachedPack,
            Drift: answer.Drift, NextHeartbeatSeconds: answer.NextHeartbeatSeconds);
    }

    private static Result Refused(string? slug, ApiError error) =>
        new(slug, error.StatusCode, error.Error, error.Code, error.RetryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null);
}
