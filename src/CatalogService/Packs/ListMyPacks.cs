using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>GET /api/v1/me/packs</c>: the packs that the caller owns or is a member of, private ones too.</summary>
internal static class ListMyPacks
{
    /// <summary>One page of the caller's packs, by name. A restricted token sees only its own.</summary>
    /// <param name="Packs">The packs.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<MyPack> Packs,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    /// <summary>A pack as lists show it, and what it is to the caller.</summary>
    public sealed record MyPack : CatalogPack
    {
        internal MyPack(CatalogPack pack)
            : base(pack)
        {
        }

        /// <summary><c>public</c>, <c>unlisted</c> or <c>private</c>.</summary>
        [JsonPropertyOrder(1)]
        public required string Visibility { get; init; }

        /// <summary><c>owner</c>, <c>maintainer</c> or <c>publisher</c>.</summary>
        [JsonPropertyOrder(2)]
        public required string Role { get; init; }
    }

    internal static readonly SortOrder ByName = new("name", Descending: false, new("p.name_key", "text"), new("p.id", "uuid"));

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/me/packs", HandleAsync).WithName(nameof(ListMyPacks)).TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, Caller caller, PageReader pages, CancellationToken stop)
    {
        var list = PageCursors.ListOf("my packs", caller.AccountId.ToString());
        var read = await pages.ReadAsync(request, list, ByName, Select, sql => From(sql, caller), Read, stop);
        return read.TryGet(out var page, out var error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static void Select(SqlText sql) => sql.AddConstant(CatalogPack.Columns + ", p.visibility, mine.role");

    internal static void From(SqlText sql, Caller caller)
    {
        sql.Add($"""
            FROM (SELECT o.id, 'owner' AS role FROM packs o WHERE o.owner_id = {caller.AccountId}
                  UNION ALL SELECT m.pack_id, m.role FROM pack_members m WHERE m.account_id = {caller.AccountId}) mine
            JOIN packs p ON p.id = mine.id WHERE p.visibility <> 'deleted'
            """);
        if (caller.Packs is not null) sql.Add($"AND p.slug = ANY ({caller.Packs})");
    }

    private static MyPack Read(NpgsqlDataReader row) =>
        new(CatalogPack.Read(row)) { Visibility = row.GetString(CatalogPack.Width), Role = row.GetString(CatalogPack.Width + 1) };
}
