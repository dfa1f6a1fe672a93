namespace PackRelay.CatalogService.Badges;

/// <summary>Small pictures that web pages and readmes elsewhere embed.</summary>
internal static class BadgesFeature
{
    /// <summary>How long a page may show a badge without asking again: long enough for a reload, short enough to follow a server.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromSeconds(30);

    public static void MapBadges(this IEndpointRouteBuilder app)
    {
        GetServerBadge.Map(app);
        GetPackBadge.Map(app);
    }
}
