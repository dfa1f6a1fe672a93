using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.WebhookService.Endpoints;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>One delivery, with its request and every attempt.</summary>
internal static class GetDelivery
{
    public static void Map(IEndpointRouteBuilder webhook) => webhook.MapRead("/deliveries/{deliveryId:guid}", HandleAsync).WithName(nameof(GetDelivery));

    internal static async Task<Results<Ok<Answer>, ApiError>> HandleAsync(
        Guid id, Guid deliveryId, Caller caller, EndpointQueries endpoints, DeliveryQueries deliveries, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error)) return error;
        return await deliveries.FindAsync(endpoint, deliveryId, caller, stop) is { } delivery ? TypedResults.Ok(delivery) : ApiError.NotFound("delivery", deliveryId.ToString());
    }

    /// <summary>Answer of <c>GET /api/v1/webhooks/{id}/deliveries/{deliveryId}</c>. Errors: <c>not_found</c> 404.</summary>
    /// <param name="Id">The delivery's id.</param>
    /// <param name="Event">Name of the event.</param>
    /// <param name="Status"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
    /// <param name="Attempts">The attempts, oldest first; of more than 200 the last.</param>
    /// <param name="CreatedAt">When it was enqueued, UTC.</param>
    /// <param name="NextAttemptAt">When it is tried next, UTC; null once delivered or given up.</param>
    /// <param name="LastStatusCode">Status of the last attempt's answer; null when there was none.</param>
    /// <param name="Request">What is sent: the headers are those of the last attempt.</param>
    internal sealed record Answer(
        Guid Id, string Event, string Status, IReadOnlyList<Attempt> Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, int? LastStatusCode, SentRequest Request);

    /// <summary>One attempt.</summary>
    /// <param name="At">When it began, UTC.</param>
    /// <param name="StatusCode">Status of the answer; null when there was none.</param>
    /// <param name="DurationMs">Milliseconds from its begin to the end of the answer.</param>
    /// <param name="Error">Why it failed; null when it was delivered.</param>
    /// <param name="ResponseBody">The first 4 KB of the answer; null when there was none.</param>
    /// <param name="RequestHeaders">Headers of the request. The signatures are absent when a secret that made them is not kept any more, and when nothing could be signed.</param>
    internal sealed record Attempt(
        DateTimeOffset At, int? StatusCode, int DurationMs, string? Error, string? ResponseBody, IReadOnlyDictionary<string, string> RequestHeaders);

    /// <summary>The request.</summary>
    /// <param name="Headers">Its headers at the last attempt; before the first, those that every attempt has: time and signatures are an attempt's own.</param>
    /// <param name="Body">Its body, the same on every attempt.</param>
    internal sealed record SentRequest(IReadOnlyDictionary<string, string> Headers, string Body);
}
