using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>One webhook, without its secret.</summary>
internal static class GetEndpoint
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapRead("/{id:guid}", HandleAsync).WithName("GetWebhook");

    internal static async Task<Results<Ok<Webhook>, ApiError>> HandleAsync(Guid id, Caller caller, EndpointQueries endpoints, CancellationToken stop) =>
        (await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error) ? TypedResults.Ok(endpoint.ToAnswer()) : error;
}
