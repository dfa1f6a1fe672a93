namespace PackRelay.TelemetryService.Servers;

/// <summary>What telemetry has to know of a server.</summary>
/// <param name="Id">Identifies the server for ever.</param>
/// <param name="Slug">Its slug, which another server may take after this one is gone.</param>
/// <param name="Revision">Grows with every change; the higher one is right.</param>
/// <param name="OwnerId">The account that may send its heartbeats.</param>
/// <param name="Name">Display name, for events.</param>
/// <param name="PackSlug">The attached pack; null when there is none.</param>
/// <param name="PackPin">Version that the server stays on; null when it follows the latest.</param>
/// <param name="CreatedAt">When it was registered, UTC: uptime counts from here.</param>
/// <param name="ShowPlayers">The owner lets everybody see who plays.</param>
/// <param name="Removed">True for a server that is gone; kept so that a late event cannot bring it back.</param>
internal sealed record KnownServer(
    Guid Id, string Slug, long Revision, Guid OwnerId, string Name, string? PackSlug, string? PackPin, DateTimeOffset CreatedAt, bool ShowPlayers, bool Removed);

/// <summary>What "latest" means for a pack.</summary>
/// <param name="Slug">The pack.</param>
/// <param name="Revision">Of the event that said so; 0 when a server's event did.</param>
/// <param name="LatestVersion">Null when no version is left.</param>
internal sealed record KnownPack(string Slug, long Revision, string? LatestVersion);
