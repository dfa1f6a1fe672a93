using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Teams;

internal static class TeamErrors
{
    /// <summary>409: the pack has as many members as a pack may have.</summary>
    public const string TooManyMembers = "too_many_members";

    public static ApiError NoAccount(string username) => ApiError.NotFound("account", username);

    public static ApiError NoMember(string slug, string username) => ApiError.NotFound("member of the pack", $"{slug}/{username}");

    public static ApiError NoTransfer(string slug) => ApiError.NotFound("offer to transfer the pack", slug);

    public static ApiError IsOwner(string slug) => ApiError.Invalid("username", $"another account than the owner of the pack '{slug}'");
}
