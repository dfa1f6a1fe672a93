namespace PackRelay.CatalogService.Packs;

/// <summary>Who sees a pack, and everything of it.</summary>
internal static class PackVisibility
{
    /// <summary>Everybody, and it is listed.</summary>
    public const string Public = "public";

    /// <summary>Everybody who knows its slug.</summary>
    public const string Unlisted = "unlisted";

    /// <summary>Its owner only.</summary>
    public const string Private = "private";

    public static bool IsValid(string visibility) => visibility is Public or Unlisted or Private;
}
