using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Access;

/// <summary>What access rules need to know of a pack.</summary>
/// <param name="Id">Identifies the pack.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="OwnerId">Account that owns it.</param>
/// <param name="Game">Its game.</param>
/// <param name="Visibility">Who sees it.</param>
/// <param name="Role">What the caller is in its team.</param>
internal sealed record PackFacts(Guid Id, string Slug, Guid OwnerId, string Game, string Visibility, PackRole Role)
{
    public bool IsPrivate => Visibility == PackVisibility.Private;

    /// <summary>Whether the caller's place in the team, or in the hub, gives this right.</summary>
    public bool Allows(Caller caller, PackRight right) => right switch
    {
        PackRight.Publish => Role >= PackRole.Publisher, // nobody signs for others, admins neither
        PackRight.Changelog => Role >= PackRole.Publisher || caller.Role == ServiceDefaults.Callers.Role.Admin,
        PackRight.Change => Role >= PackRole.Maintainer || caller.Role == ServiceDefaults.Callers.Role.Admin,
        _ => Role == PackRole.Owner || caller.Role == ServiceDefaults.Callers.Role.Admin,
    };
}
