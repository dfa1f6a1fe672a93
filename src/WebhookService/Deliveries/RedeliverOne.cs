using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.WebhookService.Endpoints;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Sends a delivery again, with the same id and bytes.</summary>
internal static class RedeliverOne
{
    public static void Map(IEndpointRouteBuilder webhook) => webhook.MapPost("/deliveries/{deliveryId:guid}/redeliver", HandleAsync).WithName(nameof(RedeliverOne));

    internal static async Task<Results<Accepted<Answer>, ApiError>> HandleAsync(
        Guid id, Guid deliveryId, Caller caller, EndpointQueries endpoints, DeliveryQueries deliveries, DeliverySignal signal, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error)) return error;
        if (!endpoint.Enabled) return WebhookErrors.Disabled();
        if (!await deliveries.RedeliverAsync(id, deliveryId, caller, stop)) return ApiError.NotFound("delivery", deliveryId.ToString());
        signal.Set();
        return TypedResults.Accepted((string?)null, new Answer(deliveryId));
    }

    /// <summary>Answer of <c>POST /api/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver</c>: the same id and bytes go out again. Errors: <c>not_found</c> 404, <c>webhook_disabled</c> 409.</summary>
    /// <param name="DeliveryId">The delivery's id.</param>
    internal sealed record Answer(Guid DeliveryId);
}
