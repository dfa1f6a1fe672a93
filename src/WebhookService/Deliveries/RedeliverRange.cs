using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.WebhookService.Endpoints;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Sends deliveries of a stretch of time again.</summary>
internal static class RedeliverRange
{
    /// <summary>Rows changed by one request: enough for days of most webhooks, and still one short transaction.</summary>
    private const int Most = 10_000;

    public static void Map(IEndpointRouteBuilder webhook) => webhook.MapPost("/redeliver", HandleAsync).WithName(nameof(RedeliverRange));

    internal static async Task<Results<Accepted<Answer>, ApiError>> HandleAsync(
        Guid id, JsonBody<Request> body, Caller caller, EndpointQueries endpoints, DeliveryQueries deliveries, PageCursors cursors, DeliverySignal signal, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error)) return error;
        if (!endpoint.Enabled) return WebhookErrors.Disabled();
        if (!(await body.ReadAsync(stop)).TryGet(out var request, out error)) return error;
        if (request.Status is not (DeliveryStatus.Failed or DeliveryStatus.Delivered)) return ApiError.Invalid("status", "failed or delivered");
        var list = PageCursors.ListOf(nameof(RedeliverRange), id.ToString(), request.Status, Text(request.Since));
        if (!TryReadPlace(request, cursors, list, out var behind)) return PageRequest.InvalidCursor();

        var (queued, hasMore, last) = await deliveries.RedeliverAsync(id, caller, request.Status, behind, Most, stop);
        signal.Set();
        return TypedResults.Accepted(
            (string?)null, new Answer(queued, hasMore, hasMore ? cursors.Write(list, [Text(last.CreatedAt), last.Position.ToString(CultureInfo.InvariantCulture)]) : null));
    }

    private static bool TryReadPlace(Request request, PageCursors cursors, string list, [NotNullWhen(true)] out LogPlace? place)
    {
        place = LogPlace.Before(request.Since);
        if (request.Cursor is null) return true;
        place = cursors.TryRead(list, request.Cursor, out var parts)
            ? new LogPlace(DateTimeOffset.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture))
            : null;
        return place is not null;
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Body of <c>POST /api/v1/webhooks/{id}/redeliver</c>. Errors: <c>invalid_status</c>, <c>invalid_cursor</c> 400, <c>not_found</c> 404, <c>webhook_disabled</c> 409.</summary>
    /// <param name="Since">Only deliveries enqueued at or after this time.</param>
    /// <param name="Status"><c>failed</c> (default) or <c>delivered</c>.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the answer before, with the same <c>since</c> and <c>status</c>: goes on behind the last of those; none to begin.</param>
    internal sealed record Request(DateTimeOffset Since, string Status = DeliveryStatus.Failed, string? Cursor = null);

    /// <summary>How much goes out again.</summary>
    /// <param name="Queued">Deliveries made due, the oldest first; at most 10,000.</param>
    /// <param name="HasMore">Whether there may be more behind them: ask again with <c>nextCursor</c>.</param>
    /// <param name="NextCursor">Send it back as <c>cursor</c> for the rest; absent when there is none.</param>
    internal sealed record Answer(int Queued, bool HasMore, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);
}
