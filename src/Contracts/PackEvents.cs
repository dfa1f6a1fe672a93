namespace PackRelay.Contracts;

/// <summary>A pack was created or its page changed (name, tags, visibility, owner).</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Revision">Grows with every change of this pack; a consumer ignores a lower one than it knows.</param>
/// <param name="Created">True for the first event of a pack.</param>
/// <param name="OwnerId">Account that owns the pack.</param>
/// <param name="Name">Display name.</param>
/// <param name="Game">The game's id, such as <c>7d2d</c>.</param>
/// <param name="Visibility"><c>public</c>, <c>unlisted</c> or <c>private</c>.</param>
/// <param name="LatestVersion">Last published version that is not withdrawn; null when there is none.</param>
public sealed record PackChanged(
    Guid EventId, DateTimeOffset OccurredAt, string Slug, long Revision, bool Created, Guid OwnerId, string Name, string Game, string Visibility,
    string? LatestVersion) : IHubEvent;

/// <summary>A pack was deleted by its owner, and its slug stays reserved; or it goes by another slug.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Revision">Higher than that of any earlier change of the pack.</param>
/// <param name="OwnerId">Account that owned the pack.</param>
/// <param name="Name">Display name at deletion.</param>
/// <param name="RenamedTo">The slug that the pack goes by from then on; null when it is gone. Who has access to it keeps that: <see cref="SolderModpackRenamed"/> says where it went.</param>
public sealed record PackRemoved(Guid EventId, DateTimeOffset OccurredAt, string Slug, long Revision, Guid OwnerId, string Name, string? RenamedTo = null) : IHubEvent;

/// <summary>A signed version was accepted and is now served.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When the hub accepted it, UTC.</param>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Revision">The pack's revision after the publish.</param>
/// <param name="OwnerId">Account that owns the pack.</param>
/// <param name="Visibility">The pack's visibility: <c>public</c>, <c>unlisted</c> or <c>private</c>.</param>
/// <param name="Name">The manifest's display name.</param>
/// <param name="Version">Semantic version, as signed.</param>
/// <param name="Publisher">The manifest's publisher, a display string.</param>
/// <param name="Game">The manifest's game.</param>
/// <param name="GameVersion">The manifest's game version, free text.</param>
/// <param name="PublishedAt">The manifest's own time stamp, character for character as signed.</param>
/// <param name="FileCount">Number of files in the manifest.</param>
/// <param name="TotalSizeBytes">Sum of the files' sizes in bytes.</param>
/// <param name="ManifestSha256">SHA-256 of the submitted bytes, 64 lower-case hex digits.</param>
/// <param name="KeyId">Key that signed it, <c>publisher/name</c>.</param>
public sealed record PackVersionPublished(
    Guid EventId, DateTimeOffset OccurredAt, string Slug, long Revision, Guid OwnerId, string Visibility, string Name, string Version, string Publisher,
    string Game, string GameVersion, string PublishedAt, int FileCount, long TotalSizeBytes, string ManifestSha256, string KeyId) : IHubEvent;

/// <summary>A version was withdrawn or restored by the pack's owner.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="Slug">The pack's slug.</param>
/// <param name="Revision">The pack's revision after the change.</param>
/// <param name="OwnerId">Account that owns the pack.</param>
/// <param name="Version">The version concerned.</param>
/// <param name="Reason">Why it was withdrawn, 1 to 500 characters; null when it was restored.</param>
/// <param name="LatestVersion">What <c>latest</c> is now; null when no version is left.</param>
public sealed record PackVersionWithdrawn(
    Guid EventId, DateTimeOffset OccurredAt, string Slug, long Revision, Guid OwnerId, string Version, string? Reason, string? LatestVersion) : IHubEvent;

/// <summary>A publisher's signing key was revoked: published versions stay, new ones are refused.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="KeyId"><c>publisher/name</c>.</param>
/// <param name="OwnerId">Account that registered the key.</param>
public sealed record KeyRevoked(Guid EventId, DateTimeOffset OccurredAt, string KeyId, Guid OwnerId) : IHubEvent;
