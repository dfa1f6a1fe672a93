using PackRelay.Contracts;

namespace PackRelay.WebhookService.Tests;

/// <summary>Events as Catalog and Telemetry publish them.</summary>
internal static class HubEvents
{
    public const string ManifestSha256 = "8b828b5176b8c9094051f9529633eb750ce9d10aa5d9ce476b876f66ebf6547c";

    public static PackVersionPublished Published(this WebhookApi api, Guid ownerId, string slug = "vector-one", string version = "1.0.0") => new(
        Guid.CreateVersion7(), api.Clock.GetUtcNow(), slug, 7, ownerId, "public", "Vector “One” / 🦊", version, "Vectors", "7d2d", "V2.0", "2026-01-02T03:04:05Z", 12, 5_000_000_000,
        ManifestSha256, "vectors/main");

    public static PackChanged PackChanged(this WebhookApi api, Guid ownerId, bool created, string slug = "vector-one") =>
        new(Guid.CreateVersion7(), api.Clock.GetUtcNow(), slug, 2, created, ownerId, "Vector One", "7d2d", "unlisted", "1.0.0");

    public static PackRemoved PackRemoved(this WebhookApi api, Guid ownerId) => new(Guid.CreateVersion7(), api.Clock.GetUtcNow(), "vector-one", 9, ownerId, "Vector One");

    public static PackVersionWithdrawn Withdrawn(this WebhookApi api, Guid ownerId, string? reason) =>
        new(Guid.CreateVersion7(), api.Clock.GetUtcNow(), "vector-one", 8, ownerId, "1.0.0", reason, "0.9.0");

    public static ServerChanged ServerChanged(this WebhookApi api, Guid ownerId, ServerChange change, AttachedPack? pack = null, string slug = "alpha") => new(
        Guid.CreateVersion7(), api.Clock.GetUtcNow(), Guid.NewGuid(), slug, 3, change, ownerId, "Alpha", "eu", "7d2d", 16, pack, api.Clock.GetUtcNow());

    public static ServerRemoved ServerRemoved(this WebhookApi api, Guid ownerId) => new(Guid.CreateVersion7(), api.Clock.GetUtcNow(), Guid.NewGuid(), "alpha", 4, ownerId, "Alpha");

    public static ServerWentOnline Online(this WebhookApi api, Guid ownerId, string slug = "alpha", int? maxPlayers = 16) =>
        new(Guid.CreateVersion7(), api.Clock.GetUtcNow(), Guid.NewGuid(), slug, ownerId, "Alpha", 3, maxPlayers);

    public static ServerWentOffline Offline(this WebhookApi api, Guid ownerId) =>
        new(Guid.CreateVersion7(), api.Clock.GetUtcNow(), Guid.NewGuid(), "alpha", ownerId, "Alpha", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
}
