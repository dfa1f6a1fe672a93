using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Packs;

internal static class PackErrors
{
    /// <summary>409: a pack of this slug exists, perhaps one that the caller does not see.</summary>
    public const string SlugTaken = "slug_taken";

    public static ApiError NotFound(string slug) => ApiError.NotFound("pack", slug);
}
