using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Keys;

/// <summary><c>GET /api/v1/me/keys</c>: the caller's signing keys, by key id, revoked ones too.</summary>
internal static class ListMyKeys
{
    /// <summary>One page of the caller's keys, by key id.</summary>
    /// <param name="Keys">The keys, revoked ones too.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<PublisherKey> Keys,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    private static readonly SortOrder ById = new("id", Descending: false, new SortKey("k.key_id", "text"));

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/me/keys", HandleAsync).WithName(nameof(ListMyKeys)).TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, Caller caller, PageReader pages, CancellationToken stop)
    {
        var list = PageCursors.ListOf("keys", caller.AccountId.ToString());
        var read = await pages.ReadAsync(request, list, ById, sql => sql.AddConstant(PublisherKey.Columns), sql => From(sql, caller.AccountId), PublisherKey.Read, stop);
        return read.TryGet(out var page, out var error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static void From(SqlText sql, Guid ownerId) => sql.Add($"FROM publisher_keys k WHERE k.owner_id = {ownerId}");
}
