using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.WebhookService.Endpoints;
using PackRelay.WebhookService.Events;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>What was sent to a webhook, and what waits, newest first.</summary>
internal static class ListDeliveries
{
    public static void Map(IEndpointRouteBuilder webhook) => webhook.MapRead("/deliveries", HandleAsync).WithName(nameof(ListDeliveries))
        .TakesChoice("status", "Only deliveries that stand so.", [DeliveryStatus.Pending, DeliveryStatus.Delivered, DeliveryStatus.Failed])
        .TakesQuery("event", "Only deliveries of this event.", code: "invalid_event")
        .TakesPage(byOffset: false);

    internal static async Task<Results<Ok<Page>, ApiError>> HandleAsync(
        Guid id, string? status, string? @event, Caller caller, HttpRequest request, EndpointQueries endpoints, DeliveryQueries deliveries, PageCursors cursors, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out _, out var error)) return error;
        if (status is not null && !DeliveryStatus.IsKnown(status)) return ApiError.Invalid("status", "pending, delivered or failed");
        if (@event is not null && !EventNames.IsKnown(@event)) return ApiError.Invalid("event", "the name of an event");
        var list = PageCursors.ListOf(nameof(ListDeliveries), id.ToString(), status, @event);
        if (!KeysetPage.TryRead(request.Query, cursors, list, long.MaxValue, out var page, out error)) return error;
        var rows = await deliveries.ListAsync(id, caller, status, @event, page, stop);
        var (hasMore, next) = page.Cut(rows, row => row.Position, cursors, list);
        return TypedResults.Ok(new Page(rows.ConvertAll(row => row.Delivery), hasMore, next));
    }

    /// <summary>Answer of <c>GET /api/v1/webhooks/{id}/deliveries</c>, newest first. Errors: <c>invalid_status</c>, <c>invalid_event</c>, <c>invalid_limit</c>, <c>invalid_cursor</c>, <c>invalid_offset</c> 400, <c>not_found</c> 404.</summary>
    /// <param name="Deliveries">The deliveries of this page.</param>
    /// <param name="HasMore">Whether there are older ones.</param>
    /// <param name="NextCursor">Send it back as <c>cursor</c> for the next page; absent on the last.</param>
    internal sealed record Page(
        IReadOnlyList<Delivery> Deliveries, bool HasMore, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

    /// <summary>One event for one webhook.</summary>
    /// <param name="Id">The delivery's id, as in the request's headers and body.</param>
    /// <param name="Event">Name of the event.</param>
    /// <param name="Status"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
    /// <param name="Attempts">Attempts made so far.</param>
    /// <param name="CreatedAt">When it was enqueued, UTC.</param>
    /// <param name="NextAttemptAt">When it is tried next, UTC; null once delivered or given up.</param>
    /// <param name="LastStatusCode">Status of the last attempt's answer; null when there was none.</param>
    internal sealed record Delivery(Guid Id, string Event, string Status, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, int? LastStatusCode);
}
