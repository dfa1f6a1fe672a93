using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Lists;

/// <summary>Reads one page of a list by keyset or offset, and one item more to know whether there are others.</summary>
internal sealed class PageReader(NpgsqlDataSource db, PageCursors cursors, IOptions<HubOptions> hub)
{
    // After some executions Postgres compares what its plans for values cost on average with one plan for all, of which it knows less and therefore expects less.
    internal const string PlanForValuesSql = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

    /// <summary>Reads the page that a request asks for, and links it with its neighbours.</summary>
    /// <param name="request">Has the query with <c>limit</c>, <c>cursor</c> and <c>offset</c>; its answer gets the Link header.</param>
    /// <param name="list">The list's name for its cursors.</param>
    /// <param name="order">Its order.</param>
    /// <param name="head">Columns, adds them and the comma-separated sort key behind <c>SELECT</c>.</param>
    /// <param name="tail">From <c>FROM</c> on, filters included.</param>
    /// <param name="map">Makes an item of a row.</param>
    /// <param name="stop">Cancels the statement.</param>
    public async Task<PageResult<T>> ReadAsync<T>(
        HttpRequest request, string list, SortOrder order, Action<SqlText> head, Action<SqlText> tail, Func<NpgsqlDataReader, T> map, CancellationToken stop)
    {
        if (!PageRequest.TryRead(request.Query, out var part, out var error)) return new PageResult<T>(error);
        var read = await ReadAsync(part, list, order, head, tail, map, stop);
        if (read.TryGet(out var page, out _)) Link(request, part, page);
        return read;
    }

    /// <summary>Reads a page. The statement's <c>SELECT</c> is <paramref name="head"/> without the sort key, which is added here; <c>WHERE</c> has at least one condition.</summary>
    /// <param name="request">Which part of the list.</param>
    /// <param name="list">The list's name for its cursors.</param>
    /// <param name="order">Its order.</param>
    /// <param name="head">Columns, adds them and the comma-separated sort key behind <c>SELECT</c>.</param>
    /// <param name="tail">From <c>FROM</c> on, filters included.</param>
    /// <param name="map">Makes an item of a row.</param>
    /// <param name="stop">Cancels the statement.</param>
    public async Task<PageResult<T>> ReadAsync<T>(
        PageRequest request, string list, SortOrder order, Action<SqlText> head, Action<SqlText> tail, Func<NpgsqlDataReader, T> map, CancellationToken stop)
    {
        IReadOnlyList<string>? place = null;
        if (request.Cursor is not null && !cursors.TryRead(list, request.Cursor, out place)) return new PageResult<T>(PageRequest.InvalidCursor());
        var sql = Statement(request, order, place, head, tail);
        var rows = sql.IsPlannedForValues
            ? await db.ListWithAsync(PlanForValuesSql, sql.ToString(), MapRow, stop, sql.Parameters)
            : await db.ListAsync(sql.ToString(), MapRow, stop, sql.Parameters);
        var hasMore = rows.Count > request.Limit;
        if (hasMore) rows.RemoveAt(rows.Count - 1);
        var nextOffset = (request.Offset ?? 0) + request.Limit;
        var byOffset = request.Offset is not null && nextOffset <= PageRequest.MaxOffset; // deeper down only the cursor leads on
        return new PageResult<T>(new Page<T>(
            rows.ConvertAll(row => row.Item),
            hasMore,
            hasMore && !byOffset ? cursors.Write(list, rows[^1].Position) : null,
            hasMore && byOffset ? nextOffset : null));

        (T Item, string[] Position) MapRow(NpgsqlDataReader row) => (map(row), Position(row, order));
    }

    /// <summary>Says in a Link header (RFC 8288) where the neighbours of a page are; who pages by offset can go back as well.</summary>
    public void Link<T>(HttpRequest request, PageRequest part, Page<T> page)
    {
        var links = new List<string>();
        if (page.NextCursor is not null) links.Add(LinkTo("next", "cursor", page.NextCursor));
        if (page.NextOffset is { } next) links.Add(LinkTo("next", "offset", next.ToString(CultureInfo.InvariantCulture)));
        if (part.Offset is > 0) links.Add(LinkTo("prev", "offset", Math.Max(0, part.Offset.Value - part.Limit).ToString(CultureInfo.InvariantCulture)));
        if (part.Offset is > 0 || part.Cursor is not null) links.Add(LinkTo("first", part.Offset is null ? null : "offset", "0"));
        if (links.Count > 0) request.HttpContext.Response.Headers.Link = string.Join(", ", links);

        string LinkTo(string relation, string? name, string value)
        {
            var query = new QueryBuilder(request.Query.Where(pair => pair.Key is not ("cursor" or "offset")).SelectMany(pair => pair.Value, (pair, one) => KeyValuePair.Create(pair.Key, one ?? "")));
            if (name is not null) query.Add(name, value);
            return $"<{hub.Value.Link(request.Path + query.ToString())}>; rel=\"{relation}\"";
        }
    }

    internal static SqlText Statement(PageRequest request, SortOrder order, IReadOnlyList<string>? place, Action<SqlText> head, Action<SqlText> tail)
    {
        var sql = new SqlText().AddConstant("SELECT");
        head(sql);
        sql.AddConstant(", " + string.Join(", ", order.Keys.Select(key => $"({key.Expression})::text")));
        var ownParameters = sql.Parameters.Length;
        tail(sql);
        var isFiltered = sql.Parameters.Length > ownParameters;
        if (place is not null) AddPlace(sql, order, place);
        var direction = order.Descending ? " DESC" : "";
        sql.AddConstant("ORDER BY " + string.Join(", ", order.Keys.Select(key => key.Expression + direction)));
        // With a limit that it does not know Postgres takes a tenth of a large list for the page, finds that dearer than planning, and plans each request anew, which costs
        // three times the page. Filters are another matter: the best plan depends on their values.
        if (isFiltered) sql.Add($"LIMIT {request.Limit + 1}");
        else sql.AddConstant(string.Create(CultureInfo.InvariantCulture, $"LIMIT {request.Limit + 1}"));
        if (request.Offset is > 0) sql.Add($"OFFSET {request.Offset}");
        return sql;
    }

    private static void AddPlace(SqlText sql, SortOrder order, IReadOnlyList<string> place)
    {
        sql.AddConstant($"AND ({string.Join(", ", order.Keys.Select(key => key.Expression))}) {(order.Descending ? "<" : ">")} (");
        for (var i = 0; i < order.Keys.Count; i++)
        {
            if (i > 0) sql.AddConstant(",");
            sql.Add($"{place[i]}").AddConstant($"::text::{order.Keys[i].Type}");
        }

        sql.AddConstant(")");
    }

    private static string[] Position(NpgsqlDataReader row, SortOrder order) =>
        [.. Enumerable.Range(row.FieldCount - order.Keys.Count, order.Keys.Count).Select(row.GetString)];
}

/// <summary>One page of a list.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="HasMore">Whether others follow.</param>
/// <param name="NextCursor">Leads to them; null without them, or when the list is paged by offset.</param>
/// <param name="NextOffset">Leads to them when the list is paged by offset.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, bool HasMore, string? NextCursor, int? NextOffset);

/// <summary>A page, or the error to answer with.</summary>
internal readonly struct PageResult<T>
{
    private readonly Page<T>? page;

    private readonly ApiError? error;

    public PageResult(Page<T> page) => this.page = page;

    public PageResult(ApiError error) => this.error = error;

    public bool TryGet([NotNullWhen(true)] out Page<T>? value, [NotNullWhen(false)] out ApiError? refusal)
    {
        (value, refusal) = (page, error);
        return value is not null;
    }
}
