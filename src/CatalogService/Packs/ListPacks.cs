using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>GET /api/v1/packs</c>: the public packs, featured ones first, one page at a time.</summary>
internal static class ListPacks
{
    /// <summary>One page of the public packs.</summary>
    /// <param name="Packs">The packs, featured ones first.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<CatalogPack> Packs,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    /// <summary>What the query string asks for.</summary>
    internal sealed record Filter(string? Words, IReadOnlyList<string> Tags, string? Game, SortOrder Sort)
    {
        public string ListName => PageCursors.ListOf(["packs", Sort.Name, Words, Game, .. Tags]);
    }

    public static void Map(RouteGroupBuilder packs) => packs.MapRead("/", HandleAsync).WithName(nameof(ListPacks))
        .TakesQuery("q", "Words to look for in name, summary, tags, description and publisher; each may be the beginning of one.", new { type = "string", maxLength = PackSearch.MaxLength }, code: "invalid_q")
        .TakesQuery("tag", "A tag, or several separated by commas; may be repeated. Packs have all of them.", new { type = "array", items = new { type = "string" } }, code: "invalid_tag")
        .TakesQuery("game", "The id of a game, such as `7d2d`.", code: "invalid_game")
        .TakesChoice("sort", "The order; `popular` by default, `relevance` with `q`.", PackSorts.All.Keys)
        .TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(HttpRequest request, PageReader pages, CancellationToken stop)
    {
        if (!PageRequest.TryRead(request.Query, out var part, out var error)) return error;
        if (!TryRead(request.Query, out var filter, out error)) return error;
        var read = await pages.ReadAsync(part, filter.ListName, filter.Sort, Select, sql => From(sql, filter), CatalogPack.Read, stop);
        return read.TryGet(out var page, out error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out Filter? filter, [NotNullWhen(false)] out ApiError? error)
    {
        (filter, error) = (null, null);
        var words = query["q"].ToString();
        var tags = query["tag"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var game = query["game"].ToString();
        var sortName = query["sort"].ToString();
        var isSearch = !string.IsNullOrWhiteSpace(words);
        var sort = sortName.Length == 0 ? (isSearch ? PackSorts.Relevance : PackSorts.Popular) : PackSorts.All.GetValueOrDefault(sortName);
        if (sort == PackSorts.Relevance && !isSearch) sort = PackSorts.Popular; // nothing to be relevant to

        if (words.Length > PackSearch.MaxLength) error = ApiError.Invalid("q", $"at most {PackSearch.MaxLength} characters");
        else if (tags.Length > 20 || Array.Exists(tags, IsNoText)) error = ApiError.Invalid("tag", "at most 20 tags");
        else if (IsNoText(game)) error = ApiError.Invalid("game", "the id of a game");
        else if (sort is null) error = ApiError.Invalid("sort", $"one of {string.Join(", ", PackSorts.All.Keys.Order(StringComparer.Ordinal))}");
        if (error is not null) return false;
        filter = new Filter(isSearch ? PackSearch.ToQuery(words) : null, tags, game.Length > 0 ? game : null, sort!);
        return true;
    }

    internal static void Select(SqlText sql) => sql.AddConstant(CatalogPack.Columns);

    internal static void From(SqlText sql, Filter filter)
    {
        if (filter.Words is null) sql.AddConstant("FROM packs p WHERE p.visibility = 'public'");
        else sql.Add($"FROM to_tsquery('simple', {filter.Words}) AS words (query) JOIN packs p ON p.search @@ words.query WHERE p.visibility = 'public'");
        if (filter.Tags.Count > 0) sql.Add($"AND p.tags @> {filter.Tags}");
        if (filter.Game is not null) sql.Add($"AND p.game = {filter.Game}");
    }

    /// <summary>U+0000 can be sent in a URL but not to Postgres.</summary>
    private static bool IsNoText(string value) => value.Contains('\0', StringComparison.Ordinal);
}
