using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>GET /api/v1/servers</c>: the servers, one page at a time. A region, pack or game that nobody has gives an empty list.</summary>
internal static class ListServers
{
    /// <summary>One page of the servers.</summary>
    /// <param name="Servers">The servers.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<CatalogServer> Servers,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    /// <summary>What the query string asks for. An unknown region, pack or game finds nothing.</summary>
    internal sealed record Filter(string? Region, string? Pack, bool? Online, string? Game, SortOrder Sort)
    {
        public string ListName => PageCursors.ListOf("servers", Sort.Name, Region, Pack, Online?.ToString(), Game);
    }

    /// <summary>Players, most first; offline servers last.</summary>
    private static readonly SortOrder Players = new("players", Descending: true, new("l.busy", "integer"), new("l.server_id", "uuid"));

    internal static readonly FrozenDictionary<string, SortOrder> Sorts = new[]
    {
        Players,
        new SortOrder("recent", Descending: true, new("s.created_at", "timestamptz"), new("s.id", "uuid")),
        new SortOrder("name", Descending: false, new("s.name_key", "text"), new("s.id", "uuid")),
        new SortOrder("favorites", Descending: true, new("s.favorite_count", "bigint"), new("s.id", "uuid")),
    }.ToFrozenDictionary(sort => sort.Name, StringComparer.Ordinal);

    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/", HandleAsync).WithName(nameof(ListServers))
        .TakesQuery("region", $"Only servers of this region: {string.Join(", ", Regions.All.Order(StringComparer.Ordinal))}.")
        .TakesQuery("pack", "Only servers that run the pack of this slug.")
        .TakesQuery("game", "Only servers of this game.")
        .TakesQuery("online", "Only servers that are online, or that are not.", new { type = "boolean" }, code: "invalid_online")
        .TakesChoice("sort", "The order.", Sorts.Keys, Players.Name)
        .TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, Caller caller, PageReader reader, ServerPages pages, CancellationToken stop)
    {
        if (!TryRead(request.Query, out var filter, out var error)) return error;
        var onlineSince = pages.OnlineSince;
        var read = await reader.ReadAsync(
            request, filter.ListName, filter.Sort, sql => CatalogServer.AddColumns(sql, onlineSince), sql => From(sql, filter, caller, onlineSince),
            row => CatalogServer.Read(row, caller), stop);
        return read.TryGet(out var page, out error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out Filter? filter, [NotNullWhen(false)] out ApiError? error)
    {
        (filter, error) = (null, null);
        var sortName = query["sort"].ToString();
        var sort = sortName.Length == 0 ? Players : Sorts.GetValueOrDefault(sortName);
        var online = query["online"].ToString();
        if (online is not ("" or "true" or "false")) error = ApiError.Invalid("online", "true or false");
        else if (sort is null) error = ApiError.Invalid("sort", $"one of {string.Join(", ", Sorts.Keys.Order(StringComparer.Ordinal))}");
        if (error is not null) return false;
        filter = new Filter(Text(query, "region"), Text(query, "pack"), online.Length == 0 ? null : online == "true", Text(query, "game"), sort!);
        return true;
    }

    internal static void From(SqlText sql, Filter filter, Caller caller, DateTimeOffset onlineSince)
    {
        CatalogServer.AddSource(sql).AddConstant("WHERE true");
        if (filter.Region is not null) sql.Add($"AND s.region = {filter.Region}");
        if (filter.Game is not null) sql.Add($"AND s.game = {filter.Game}");
        if (filter.Pack is not null)
        {
            sql.Add($"AND p.slug = {filter.Pack}");
            if (caller.IsAnonymous || !caller.MayTouchPack(filter.Pack)) sql.AddConstant("AND p.visibility <> 'private'"); // nobody learns where a private pack runs
            else if (caller.Role < Role.Admin) sql.Add($"AND (p.visibility <> 'private' OR p.owner_id = {caller.AccountId} OR EXISTS (SELECT FROM pack_members m WHERE m.pack_id = p.id AND m.account_id = {caller.AccountId}))");
        }

        if (filter.Online is true) sql.Add($"AND l.online AND l.last_seen_at > {onlineSince}");
        if (filter.Online is false) sql.Add($"AND NOT (l.online AND l.last_seen_at > {onlineSince})");
    }

    /// <summary>U+0000 can be sent in a URL but not to Postgres; no region, pack or game has it.</summary>
    private static string? Text(IQueryCollection query, string name) => query[name].ToString().Replace('\0', '?') is { Length: > 0 } text ? text : null;
}
