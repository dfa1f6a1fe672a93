using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>The account's webhooks, newest first.</summary>
internal static class ListEndpoints
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapRead("", HandleAsync).WithName("ListWebhooks").TakesPage(byOffset: false);

    internal static async Task<Results<Ok<Page>, ApiError>> HandleAsync(HttpRequest request, Caller caller, EndpointQueries endpoints, PageCursors cursors, CancellationToken stop)
    {
        var list = PageCursors.ListOf(nameof(ListEndpoints), caller.AccountId.ToString());
        if (!KeysetPage.TryRead(request.Query, cursors, list, Guid.AllBitsSet, out var page, out var error)) return error;
        var rows = await endpoints.ListAsync(caller.AccountId, page, stop);
        var (hasMore, next) = page.Cut(rows, endpoint => endpoint.Id, cursors, list);
        // A restricted token sees fewer on a page, not another order of pages.
        var visible = rows.Where(endpoint => EndpointRules.Admits(caller, endpoint.Settings)).Select(endpoint => endpoint.ToAnswer()).ToList();
        return TypedResults.Ok(new Page(visible, hasMore, next));
    }

    /// <summary>Answer of <c>GET /api/v1/webhooks</c>, newest first. Errors: <c>invalid_limit</c>, <c>invalid_cursor</c>, <c>invalid_offset</c> 400.</summary>
    /// <param name="Webhooks">The webhooks of this page.</param>
    /// <param name="HasMore">Whether there are older ones.</param>
    /// <param name="NextCursor">Send it back as <c>cursor</c> for the next page; absent on the last.</param>
    internal sealed record Page(
        IReadOnlyList<Webhook> Webhooks, bool HasMore, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);
}
