using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.WebhookService.Endpoints;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Sends deliveries of a stretch of time again.</summary>
internal static class RedeliverRange
{
    /// <summary>Rows changed by one request: enough for days of most webhooks, and still one short transaction.</summary>
    private const int Most = 10_000;

    public static void Map(IEndpointRouteBuilder webhook) => webhook.MapPost("/redeliver", HandleAsync).WithName(nameof(RedeliverRange));

    internal static async Task<Results<Accepted<Answer>, ApiError>> HandleAsync(
        Guid id, JsonBody<Request> body, Caller caller, EndpointQueries endpoints, DeliveryQueries deliveries, DeliverySignal signal, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error)) return error;
        if (!endpoint.Enabled) return WebhookErrors.Disabled();
        if (!(await body.ReadAsync(stop)).TryGet(out var request, out error)) return error;
        if (request.Status is not (DeliveryStatus.Failed or DeliveryStatus.Delivered)) return ApiError.Invalid("status", "failed or delivered");

        var queued = await deliveries.RedeliverAsync(id, request.Status, request.Since, Most, stop);
        signal.Set();
        return TypedResults.Accepted((string?)null, new Answer(queued));
    }

    /// <summary>Body of <c>POST /api/v1/webhooks/{id}/redeliver</c>. Errors: <c>invalid_status</c> 400, <c>not_found</c> 404, <c>webhook_disabled</c> 409.</summary>
    /// <param name="Since">Only deliveries enqueued at or after this time.</param>
    /// <param name="Status"><c>failed</c> (default) or <c>delivered</c>.</param>
    internal sealed record Request(DateTimeOffset Since, string Status = DeliveryStatus.Failed);

    /// <summary>How much goes out again.</summary>
    /// <param name="Queued">Deliveries made due, the oldest first; at most 10,000. Ask again for the rest.</param>
    internal sealed record Answer(int Queued);
}
