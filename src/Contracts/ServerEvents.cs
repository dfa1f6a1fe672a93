namespace PackRelay.Contracts;

/// <summary>What changed a server's page.</summary>
public enum ServerChange
{
    /// <summary>The server was registered.</summary>
    Created,

    /// <summary>Its description, address or the like was edited.</summary>
    Updated,

    /// <summary>A pack was attached, or the pin moved.</summary>
    PackAttached,

    /// <summary>The pack was detached.</summary>
    PackDetached,
}

/// <summary>The pack a server runs.</summary>
/// <param name="Slug">The pack's slug.</param>
/// <param name="OwnerId">Account that owns the pack.</param>
/// <param name="Pin">Version that the server stays on; null when it follows the latest.</param>
/// <param name="Version">Version to install at the time of the event: the pin, or the latest; null when the pack has none.</param>
public sealed record AttachedPack(string Slug, Guid OwnerId, string? Pin, string? Version);

/// <summary>A server was registered or changed.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="ServerId">Identifies the server for ever; a slug may be taken again by another one.</param>
/// <param name="Slug">The server's slug.</param>
/// <param name="Revision">Grows with every change of this server; a consumer ignores a lower one than it knows.</param>
/// <param name="Change">What happened.</param>
/// <param name="OwnerId">Account that owns the server.</param>
/// <param name="Name">Display name.</param>
/// <param name="Region">Region code, such as <c>eu</c>.</param>
/// <param name="Game">The game's id.</param>
/// <param name="MaxPlayers">Player slots that the owner states; 0 when unknown.</param>
/// <param name="Pack">The attached pack; null when there is none.</param>
/// <param name="CreatedAt">When the server was registered, UTC.</param>
/// <param name="ShowPlayers">Whether the owner lets everybody see who plays.</param>
public sealed record ServerChanged(
    Guid EventId, DateTimeOffset OccurredAt, Guid ServerId, string Slug, long Revision, ServerChange Change, Guid OwnerId, string Name, string Region,
    string Game, int MaxPlayers, AttachedPack? Pack, DateTimeOffset CreatedAt, bool ShowPlayers = false) : IHubEvent;

/// <summary>A server was removed by its owner.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="ServerId">The server's id.</param>
/// <param name="Slug">The server's slug.</param>
/// <param name="Revision">Higher than that of any earlier change of the server.</param>
/// <param name="OwnerId">Account that owned the server.</param>
/// <param name="Name">Display name at removal.</param>
public sealed record ServerRemoved(
    Guid EventId, DateTimeOffset OccurredAt, Guid ServerId, string Slug, long Revision, Guid OwnerId, string Name) : IHubEvent;

/// <summary>Live state of the servers that beat since the last such event of the same replica; at most one a second.</summary>
/// <param name="EventId">Identifies the batch.</param>
/// <param name="OccurredAt">When the batch was closed, UTC.</param>
/// <param name="Servers">One entry per server.</param>
public sealed record ServersLive(Guid EventId, DateTimeOffset OccurredAt, IReadOnlyList<LiveServer> Servers) : IHubEvent;

/// <summary>The catalog's lists show newer live state than before. For caches of them; which servers it was does not matter there, so it is not said.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it was shown, UTC.</param>
public sealed record ServerListsChanged(Guid EventId, DateTimeOffset OccurredAt) : IHubEvent;

/// <summary>What the last heartbeat of a server said.</summary>
/// <param name="ServerId">The server's id.</param>
/// <param name="CurrentPlayers">Players online, 0 to 100,000.</param>
/// <param name="MaxPlayers">Player slots; null when the heartbeats do not say.</param>
/// <param name="LastSeenAt">When the hub received it, UTC.</param>
/// <param name="Online">False after a heartbeat that announced a stop, or when none came for too long.</param>
/// <param name="UptimePct">Share of known 5-minute slots with a heartbeat over 7 days, 0 to 100, one decimal.</param>
public sealed record LiveServer(Guid ServerId, int CurrentPlayers, int? MaxPlayers, DateTimeOffset LastSeenAt, bool Online, double UptimePct);

/// <summary>The first heartbeat of a server that was offline or new.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When the heartbeat arrived, UTC.</param>
/// <param name="ServerId">The server's id.</param>
/// <param name="Slug">The server's slug.</param>
/// <param name="OwnerId">Account that owns the server.</param>
/// <param name="Name">Display name.</param>
/// <param name="CurrentPlayers">Players online, 0 to 100,000.</param>
/// <param name="MaxPlayers">Player slots; null when unknown.</param>
public sealed record ServerWentOnline(
    Guid EventId, DateTimeOffset OccurredAt, Guid ServerId, string Slug, Guid OwnerId, string Name, int CurrentPlayers, int? MaxPlayers) : IHubEvent;

/// <summary>A server announced its stop, or was not heard of for longer than the offline threshold.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When the hub decided so, UTC.</param>
/// <param name="ServerId">The server's id.</param>
/// <param name="Slug">The server's slug.</param>
/// <param name="OwnerId">Account that owns the server.</param>
/// <param name="Name">Display name.</param>
/// <param name="LastSeenAt">Its last heartbeat, UTC.</param>
public sealed record ServerWentOffline(
    Guid EventId, DateTimeOffset OccurredAt, Guid ServerId, string Slug, Guid OwnerId, string Name, DateTimeOffset LastSeenAt) : IHubEvent;
