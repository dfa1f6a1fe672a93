using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Servers;

internal static class ServerErrors
{
    /// <summary>409: a server of this slug exists.</summary>
    public const string SlugTaken = "slug_taken";

    /// <summary>404: the server runs no pack, or one that the caller does not see.</summary>
    public const string NoPackAttached = "no_pack_attached";

    public static ApiError NotFound(string slug) => ApiError.NotFound("server", slug);

    public static ApiError NoPack(string slug) => new(StatusCodes.Status404NotFound, NoPackAttached, $"the server '{slug}' has no pack with a published version attached");
}
