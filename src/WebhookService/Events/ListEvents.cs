using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.WebhookService.Events;

/// <summary>Every event that a webhook can be told of, with a JSON schema of its body. Public.</summary>
internal static class ListEvents
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/webhooks/events", Handle).WithName("ListWebhookEvents");

    internal static Ok<Answer> Handle(EventTypes types, HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300"; // changes with a release only
        return TypedResults.Ok(new Answer(types.All));
    }

    /// <summary>Answer of <c>GET /api/v1/webhooks/events</c>.</summary>
    /// <param name="Events">All of them; they change with the hub's releases only.</param>
    internal sealed record Answer(IReadOnlyList<EventType> Events);
}
