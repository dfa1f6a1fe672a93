namespace PackRelay.CatalogService.Packs;

/// <summary>Who sees a pack, and everything of it.</summary>
internal static class PackVisibility
{
    /// <summary>Everybody, and it is listed.</summary>
    public const string Public = "public";

    /// <summary>Everybody who knows its slug.</summary>
    public const string Unlisted = "unlisted";

    /// <summary>Its owner and members only, and admins.</summary>
    public const string Private = "private";

    /// <summary>Nobody: its owner deleted it. What is left keeps the slug and the numbers of its versions taken.</summary>
    public const string Deleted = "deleted";

    /// <summary>Whether somebody may ask for it.</summary>
    public static bool IsValid(string visibility) => visibility is Public or Unlisted or Private;
}
