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
    /// <summary>How many of the packs that have the words are put in order by how well they fit: the most downloaded ones.</summary>
    internal const int MaxRanked = 2_000;

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
    /// <param name="Words">Full-text query; null without one.</param>
    /// <param name="Similar">What to look for instead when nothing has the words; empty when it is no use.</param>
    /// <param name="Tags">All of them must be there.</param>
    /// <param name="Game">Only packs for this game.</param>
    /// <param name="Sort">The order.</param>
    internal sealed record Filter(string? Words, IReadOnlyList<string> Similar, IReadOnlyList<string> Tags, string? Game, SortOrder Sort)
    {
        public string ListName => PageCursors.ListOf([Words is null && Similar.Count > 0 ? "similar packs" : "packs", Sort.Name, Words, string.Join(' ', Similar), Game, .. Tags]);

        /// <summary>The search for what is alike: it stands in for this one when this one finds nothing.</summary>
        public Filter? Alike => Words is null || Similar.Count == 0 ? null : this with { Words = null, Sort = Sort == PackSorts.Relevance ? PackSorts.Similarity : Sort };
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
        var read = await ReadAsync(part, filter, pages, stop);
        if (!read.TryGet(out var page, out error)) return error;
        pages.Link(request, part, page);
        return TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset));
    }

    private static async Task<PageResult<CatalogPack>> ReadAsync(PageRequest part, Filter filter, PageReader pages, CancellationToken stop)
    {
        var read = await PageAsync(part, filter);
        if (filter.Alike is not { } alike) return read;
        if (!read.TryGet(out var page, out _)) return part.Cursor is null ? read : await PageAsync(part, alike); // a cursor says itself to which of the two it belongs
        if (page.Items.Count > 0 || part.Cursor is not null) return read;
        var isPastTheEnd = part.Offset is > 0 && (await PageAsync(new PageRequest(1, null, null), filter)).TryGet(out var first, out _) && first.Items.Count > 0;
        return isPastTheEnd ? read : await PageAsync(part, alike);

        Task<PageResult<CatalogPack>> PageAsync(PageRequest wanted, Filter by) =>
            pages.ReadAsync(wanted, by.ListName, by.Sort, Select, sql => From(sql, by), CatalogPack.Read, stop);
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
        else if (tags.Length > 20 || Array.Exists(tags, IsNoText)) error = ApiError.Invalid("tag", "at most 20 tags, without U+0000");
        else if (IsNoText(game)) error = ApiError.Invalid("game", "the id of a game");
        else if (sort is null) error = ApiError.Invalid("sort", $"one of {string.Join(", ", PackSorts.All.Keys.Order(StringComparer.Ordinal))}");
        if (error is not null) return false;
        filter = new Filter(isSearch ? PackSearch.ToQuery(words) : null, isSearch ? PackSearch.SimilarWords(words) : [], tags, game.Length > 0 ? game : null, sort!);
        return true;
    }

    internal static void Select(SqlText sql) => sql.AddConstant(CatalogPack.Columns);

    internal static void From(SqlText sql, Filter filter)
    {
        // A word that half of the packs have is looked for in the order of the list, a rare one in its index.
        if (filter.Words is not null || filter.Tags.Count > 0 || filter.Game is not null) sql.PlanForValues();
        if (filter.Sort == PackSorts.Relevance)
        {
            // Half of a catalogue may have a word: ranking it all would take a second. As elsewhere, the best of the best known are shown.
            sql.Add($"FROM to_tsquery('simple', {filter.Words}) AS words (query) CROSS JOIN LATERAL (SELECT p.* FROM packs p WHERE p.search @@ words.query AND p.visibility = 'public'");
            AddFilters(sql, filter);
            sql.AddConstant($"ORDER BY p.is_featured DESC, p.download_count DESC, p.id DESC LIMIT {MaxRanked}) p WHERE true");
            return;
        }

        if (filter.Words is null && filter.Similar.Count > 0)
            sql.Add($"FROM similar_packs({filter.Similar}) AS found JOIN packs p ON p.id = found.pack_id WHERE p.visibility = 'public'");
        else if (filter.Words is null) sql.AddConstant("FROM packs p WHERE p.visibility = 'public'");
        else sql.Add($"FROM to_tsquery('simple', {filter.Words}) AS words (query) JOIN packs p ON p.search @@ words.query WHERE p.visibility = 'public'");
        AddFilters(sql, filter);
    }

    private static void AddFilters(SqlText sql, Filter filter)
    {
        if (filter.Tags.Count > 0) sql.Add($"AND p.tags @> {filter.Tags}");
        if (filter.Game is not null) sql.Add($"AND p.game = {filter.Game}");
    }

    /// <summary>U+0000 can be sent in a URL but not to Postgres.</summary>
    private static bool IsNoText(string value) => value.Contains('\0', StringComparison.Ordinal);
}
