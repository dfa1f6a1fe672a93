using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Teams;

/// <summary><c>GET /api/v1/me/transfers</c>: packs that others offer to the caller.</summary>
internal static class ListTransfers
{
    /// <summary>One page of the open offers, those of the newest packs first. A restricted token sees only those of its packs.</summary>
    /// <param name="Transfers">The offers.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<TransferOffer> Transfers,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    internal static readonly SortOrder ByPack = new("pack", Descending: true, new SortKey("t.pack_id", "uuid"));

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/me/transfers", HandleAsync).WithName(nameof(ListTransfers)).TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, Caller caller, PageReader pages, TimeProvider clock, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var list = PageCursors.ListOf("transfers", caller.AccountId.ToString());
        var read = await pages.ReadAsync(request, list, ByPack, Select, sql => From(sql, caller, now), TransferOffer.Read, stop);
        return read.TryGet(out var page, out var error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static void Select(SqlText sql) => sql.AddConstant(TransferOffer.Columns);

    internal static void From(SqlText sql, Caller caller, DateTimeOffset now)
    {
        sql.AddConstant(TransferOffer.Source).Add($"WHERE t.receiver_id = {caller.AccountId} AND t.expires_at > {now}");
        if (caller.Packs is not null) sql.Add($"AND p.slug = ANY ({caller.Packs})");
    }
}
