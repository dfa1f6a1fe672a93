namespace PackRelay.CatalogService.Packs;

/// <summary>Names a pack to the outbox: its events leave in order.</summary>
internal static class PackEntity
{
    public static string Of(string slug) => $"pack:{slug}";
}
