namespace PackRelay.CatalogService.Drafts;

/// <summary>A mod that somebody has installed.</summary>
/// <param name="Name">Its folder or id; 1 to 200 characters.</param>
/// <param name="DisplayName">Its name for people; at most 200 characters, or null.</param>
/// <param name="Version">At most 200 characters, or null.</param>
public sealed record DraftMod(string Name, string? DisplayName = null, string? Version = null);

/// <summary>What the pack could be called.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Version">At most 200 characters, or null.</param>
public sealed record DraftPack(string Name, string? Version = null);
