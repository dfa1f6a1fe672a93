using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.WebhookService.Endpoints;

namespace PackRelay.WebhookService.Feed;

/// <summary>What the hub did to the account's webhooks by itself, newest first: which it disabled, and why.</summary>
internal static class ListFeed
{
    public static void Map(IEndpointRouteBuilder feed) => feed.MapRead("", HandleAsync).WithName("ListWebhookFeed").TakesPage(byOffset: false);

    internal static async Task<Results<Ok<Page>, ApiError>> HandleAsync(HttpRequest request, Caller caller, FeedQueries feed, PageCursors cursors, CancellationToken stop)
    {
        var list = PageCursors.ListOf(nameof(ListFeed), caller.AccountId.ToString());
        if (!KeysetPage.TryRead(request.Query, cursors, list, long.MaxValue, out var page, out var error)) return error;
        var rows = await feed.ListAsync(caller.AccountId, page, stop);
        var (hasMore, next) = page.Cut(rows, entry => entry.Position, cursors, list);
        // A restricted token sees fewer on a page, not another order of pages.
        var visible = rows.Where(entry => EndpointRules.Admits(caller, entry.Settings))
            .Select(entry => new Entry(entry.Position, entry.At, entry.Event, entry.EndpointId, entry.Settings.Url, entry.Reason)).ToList();
        return TypedResults.Ok(new Page(visible, hasMore, next));
    }

    /// <summary>Answer of <c>GET /api/v1/webhooks/feed</c>, newest first. Errors: <c>invalid_limit</c>, <c>invalid_cursor</c>, <c>invalid_offset</c> 400.</summary>
    /// <param name="Entries">The entries of this page.</param>
    /// <param name="HasMore">Whether there are older ones.</param>
    /// <param name="NextCursor">Send it back as <c>cursor</c> for the next page; absent on the last.</param>
    internal sealed record Page(
        IReadOnlyList<Entry> Entries, bool HasMore, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

    /// <summary>One thing that the hub did. An entry goes with its webhook, and after 30 days.</summary>
    /// <param name="Id">Grows with time.</param>
    /// <param name="At">When it was done, UTC.</param>
    /// <param name="Event">Always <c>webhook.disabled</c>.</param>
    /// <param name="WebhookId">The webhook.</param>
    /// <param name="Url">Where it leads now.</param>
    /// <param name="Reason"><c>gone</c> or <c>failing</c>.</param>
    internal sealed record Entry(long Id, DateTimeOffset At, string Event, Guid WebhookId, string Url, string Reason);
}
