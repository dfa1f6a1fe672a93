namespace PackRelay.CatalogService.Solder.Art;

/// <summary>Which picture of a modpack.</summary>
internal static class ArtKind
{
    public static bool IsKnown(string kind) => kind is "icon" or "logo" or "background";
}
