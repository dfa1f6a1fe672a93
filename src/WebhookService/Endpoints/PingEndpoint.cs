using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Sends the event <c>ping</c>, to see whether the receiver is there.</summary>
internal static class PingEndpoint
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapPost("/{id:guid}/ping", HandleAsync).WithName("PingWebhook");

    internal static async Task<Results<Accepted<Answer>, ApiError>> HandleAsync(
        Guid id, Caller caller, EndpointQueries endpoints, DeliveryEnqueuer deliveries, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error)) return error;
        if (!endpoint.Enabled) return WebhookErrors.Disabled();
        var deliveryId = await deliveries.EnqueuePingAsync(id, stop);
        return TypedResults.Accepted($"/api/v1/webhooks/{id}/deliveries/{deliveryId}", new Answer(deliveryId));
    }

    /// <summary>Answer of <c>POST /api/v1/webhooks/{id}/ping</c>. Errors: <c>not_found</c> 404, <c>webhook_disabled</c> 409.</summary>
    /// <param name="DeliveryId">The delivery that carries the event <c>ping</c>.</param>
    internal sealed record Answer(Guid DeliveryId);
}
