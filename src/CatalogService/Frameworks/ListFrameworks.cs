using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Frameworks;

/// <summary><c>GET /api/v1/frameworks</c>: mod frameworks that packs run on.</summary>
internal static class ListFrameworks
{
    /// <summary>One page of the registered frameworks, by id, then by version as text.</summary>
    /// <param name="Frameworks">The versions.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<Item> Frameworks,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    /// <summary>One version of a framework.</summary>
    /// <param name="Id">The framework.</param>
    /// <param name="Version">The version.</param>
    /// <param name="FileCount">Its files.</param>
    /// <param name="TotalSizeBytes">Sum of their sizes in bytes.</param>
    /// <param name="CreatedAt">When it was registered, UTC.</param>
    public sealed record Item(string Id, string Version, int FileCount, long TotalSizeBytes, DateTimeOffset CreatedAt);

    private static readonly SortOrder ByName = new("name", Descending: false, new SortKey("f.id", "text"), new SortKey("f.version", "text"));

    public static void Map(RouteGroupBuilder frameworks) => frameworks.MapRead("/", HandleAsync).WithName(nameof(ListFrameworks)).TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, PageReader pages, CancellationToken stop)
    {
        var read = await pages.ReadAsync(
            request, PageCursors.ListOf("frameworks"), ByName,
            sql => sql.AddConstant("f.id, f.version, f.file_count, f.total_size_bytes, f.created_at"), sql => sql.AddConstant("FROM frameworks f WHERE true"), Read, stop);
        return read.TryGet(out var page, out var error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    private static Item Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4));
}
