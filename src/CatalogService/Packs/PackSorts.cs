using System.Collections.Frozen;
using PackRelay.CatalogService.Lists;

namespace PackRelay.CatalogService.Packs;

/// <summary>The orders of the pack list. Featured packs come first in each.</summary>
internal static class PackSorts
{
    public static readonly SortOrder Popular = new("popular", Descending: true, new("p.is_featured", "boolean"), new("p.download_count", "bigint"), new("p.id", "uuid"));

    /// <summary>By how well the words of <c>q</c> fit; needs them.</summary>
    public static readonly SortOrder Relevance =
        new("relevance", Descending: true, new("p.is_featured", "boolean"), new("ts_rank(p.search, words.query)", "real"), new("p.id", "uuid"));

    /// <summary>By how much the words of <c>q</c> look like the pack's: relevance when nothing has them.</summary>
    public static readonly SortOrder Similarity =
        new("similarity", Descending: true, new("p.is_featured", "boolean"), new("found.score", "real"), new("p.id", "uuid"));

    public static readonly FrozenDictionary<string, SortOrder> All = new[]
    {
        Popular,
        Relevance,
        new SortOrder("recent", Descending: true, new("p.is_featured", "boolean"), new("p.active_at", "timestamptz"), new("p.id", "uuid")),
        new SortOrder("name", Descending: false, new("(NOT p.is_featured)", "boolean"), new("p.name_key", "text"), new("p.id", "uuid")),
        new SortOrder("trending", Descending: true, new("p.is_featured", "boolean"), new("p.installs_last_week", "bigint"), new("p.id", "uuid")),
    }.ToFrozenDictionary(sort => sort.Name, StringComparer.Ordinal);
}
