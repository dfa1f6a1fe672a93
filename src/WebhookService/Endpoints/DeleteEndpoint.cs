using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.WebhookService.Endpoints;

internal static class DeleteEndpoint
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapDelete("/{id:guid}", HandleAsync).WithName("DeleteWebhook");

    /// <summary>Its deliveries go with it.</summary>
    internal static async Task<Results<NoContent, ApiError>> HandleAsync(Guid id, Caller caller, EndpointQueries endpoints, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out _, out var error)) return error;
        return await endpoints.DeleteAsync(id, caller.AccountId, stop) ? TypedResults.NoContent() : ApiError.NotFound("webhook", id.ToString());
    }
}
