using PackRelay.Contracts;

namespace PackRelay.WebhookService.Events;

/// <summary>How the events of servers look to a webhook.</summary>
internal static class ServerNotices
{
    /// <summary>Data of <c>server.created</c>, <c>server.updated</c> and <c>server.pack_attached</c>.</summary>
    /// <param name="Slug">The server's slug.</param>
    /// <param name="Name">Display name.</param>
    /// <param name="Region">Region code.</param>
    /// <param name="Game">The game's id.</param>
    /// <param name="MaxPlayers">Player slots that the owner states; 0 when unknown.</param>
    /// <param name="Pack">The attached pack; null when there is none.</param>
    public sealed record Changed(string Slug, string Name, string Region, string Game, int MaxPlayers, Attached? Pack);

    /// <summary>The pack that a server runs.</summary>
    /// <param name="Slug">The pack's slug.</param>
    /// <param name="Pin">Version that the server stays on; null when it follows the latest.</param>
    /// <param name="Version">Version to install now; null when the pack has none.</param>
    public sealed record Attached(string Slug, string? Pin, string? Version);

    /// <summary>Data of <c>server.deleted</c>.</summary>
    /// <param name="Slug">The slug that the server had.</param>
    /// <param name="Name">Display name at deletion.</param>
    public sealed record Deleted(string Slug, string Name);

    /// <summary>Data of <c>server.online</c>.</summary>
    /// <param name="Slug">The server's slug.</param>
    /// <param name="Name">Display name.</param>
    /// <param name="CurrentPlayers">Players online, 0 to 100,000.</param>
    /// <param name="MaxPlayers">Player slots; null when unknown.</param>
    public sealed record Online(string Slug, string Name, int CurrentPlayers, int? MaxPlayers);

    /// <summary>Data of <c>server.offline</c>.</summary>
    /// <param name="Slug">The server's slug.</param>
    /// <param name="Name">Display name.</param>
    /// <param name="LastSeenAt">Its last heartbeat, UTC.</param>
    public sealed record Offline(string Slug, string Name, DateTimeOffset LastSeenAt);

    public static Notice Of(ServerChanged server) => new(
        server.EventId,
        server.Change switch
        {
            ServerChange.Created => EventNames.ServerCreated,
            ServerChange.PackAttached => EventNames.ServerPackAttached,
            _ => EventNames.ServerUpdated,
        },
        server.OccurredAt, Notice.ServerSubject(server.Slug), AudiencesOf(server),
        new Changed(
            server.Slug, server.Name, server.Region, server.Game, server.MaxPlayers,
            server.Pack is { } pack ? new Attached(pack.Slug, pack.Pin, pack.Version) : null));

    public static Notice Of(ServerRemoved server) => About(server, EventNames.ServerDeleted, server.Slug, server.OwnerId, new Deleted(server.Slug, server.Name));

    public static Notice Of(ServerWentOnline server) => About(
        server, EventNames.ServerOnline, server.Slug, server.OwnerId, new Online(server.Slug, server.Name, server.CurrentPlayers, server.MaxPlayers));

    public static Notice Of(ServerWentOffline server) => About(
        server, EventNames.ServerOffline, server.Slug, server.OwnerId, new Offline(server.Slug, server.Name, server.LastSeenAt));

    private static Notice About(IHubEvent hubEvent, string name, string slug, Guid ownerId, object data) =>
        new(hubEvent.EventId, name, hubEvent.OccurredAt, Notice.ServerSubject(slug), [new Audience(ownerId, Pack: null, slug)], data);

    /// <summary>That a server took up a pack is news for the pack's publisher too, who hears of it as the pack's owner: there both filters bear on it.</summary>
    private static IReadOnlyList<Audience> AudiencesOf(ServerChanged server)
    {
        var owner = new Audience(server.OwnerId, Pack: null, server.Slug);
        return server is { Change: ServerChange.PackAttached, Pack: { } pack } ? [owner, new Audience(pack.OwnerId, pack.Slug, server.Slug)] : [owner];
    }
}
