using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.WebhookService.Endpoints;

internal static class DeleteEndpoint
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapDelete("/{id:guid}", HandleAsync).WithName("DeleteWebhook");

    /// <summary>It is gone at once for everybody, and nothing more is sent to it; its deliveries are removed within the hour.</summary>
    internal static async Task<Results<NoContent, ApiError>> HandleAsync(Guid id, Actor actor, EndpointQueries endpoints, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, actor.Caller, stop)).TryGet(out _, out var error)) return error;
        return await endpoints.DeleteAsync(id, actor, stop) ? TypedResults.NoContent() : ApiError.NotFound("webhook", id.ToString());
    }
}
