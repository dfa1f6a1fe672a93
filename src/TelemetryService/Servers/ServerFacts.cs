using PackRelay.Contracts;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Reads the projection's rows out of the catalog's events.</summary>
internal static class ServerFacts
{
    public static KnownServer ToServer(this ServerChanged changed) => new(
        changed.ServerId, changed.Slug, changed.Revision, changed.OwnerId, changed.Name, changed.Pack?.Slug, changed.Pack?.Pin, changed.CreatedAt, changed.ShowPlayers,
        Removed: false);

    public static KnownServer ToServer(this ServerRemoved removed) => new(
        removed.ServerId, removed.Slug, removed.Revision, removed.OwnerId, removed.Name, PackSlug: null, PackPin: null, removed.OccurredAt, ShowPlayers: false, Removed: true);

    /// <summary>Null unless the server follows the pack's latest version: only then is the event's version the latest one.</summary>
    public static KnownPack? ToPack(this ServerChanged changed) =>
        changed.Pack is { Pin: null } pack ? new(pack.Slug, Revision: 0, pack.Version) : null;

    public static KnownPack ToPack(this PackVersionPublished published) => new(published.Slug, published.Revision, published.Version);

    public static KnownPack ToPack(this PackVersionWithdrawn withdrawn) => new(withdrawn.Slug, withdrawn.Revision, withdrawn.LatestVersion);
}
