using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Packs;

internal static class PackErrors
{
    /// <summary>409: a pack of this slug exists, perhaps one that the caller does not see.</summary>
    public const string SlugTaken = "slug_taken";

    public static ApiError NotFound(string slug) => ApiError.NotFound("pack", slug);

    /// <summary>403 <c>not_owner</c>: the pack is another's, or the caller's role in its team does not reach.</summary>
    public static ApiError NotAllowed(PackFacts pack, PackRight right) => pack.Role == PackRole.None
        ? ApiError.NotOwner("pack", pack.Slug)
        : new ApiError(StatusCodes.Status403Forbidden, ErrorCodes.NotOwner, $"only {Holders(right)} of the pack '{pack.Slug}' may do this");

    private static string Holders(PackRight right) => right == PackRight.Own ? "the owner" : "the owner and the maintainers";
}
