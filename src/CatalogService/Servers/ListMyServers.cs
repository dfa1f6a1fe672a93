using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>GET /api/v1/me/servers</c>: the servers that the caller owns, by name. A restricted token sees only its own.</summary>
internal static class ListMyServers
{
    internal static readonly SortOrder ByName = new("name", Descending: false, new("s.name_key", "text"), new("s.id", "uuid"));

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/me/servers", HandleAsync).WithName(nameof(ListMyServers)).TakesPage();

    private static async Task<Results<Ok<ListServers.Response>, ApiError>> HandleAsync(
        HttpRequest request, Caller caller, PageReader reader, ServerPages pages, CancellationToken stop)
    {
        var onlineSince = pages.OnlineSince;
        var list = PageCursors.ListOf("my servers", caller.AccountId.ToString());
        var read = await reader.ReadAsync(
            request, list, ByName, sql => CatalogServer.AddColumns(sql, onlineSince), sql => From(sql, caller), row => CatalogServer.Read(row, caller), stop);
        return read.TryGet(out var page, out var error) ? TypedResults.Ok(new ListServers.Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static void From(SqlText sql, Caller caller)
    {
        CatalogServer.AddSource(sql).Add($"WHERE s.owner_id = {caller.AccountId}");
        if (caller.Servers is not null) sql.Add($"AND s.slug = ANY ({caller.Servers})");
    }
}
