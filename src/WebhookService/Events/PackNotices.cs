using Microsoft.Extensions.Options;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.WebhookService.Events;

/// <summary>How the events of packs look to a webhook.</summary>
internal sealed class PackNotices(IOptions<HubOptions> hub)
{
    /// <summary>Data of <c>pack.created</c> and <c>pack.updated</c>.</summary>
    /// <param name="Slug">The pack's slug.</param>
    /// <param name="Name">Display name.</param>
    /// <param name="Game">The game's id.</param>
    /// <param name="Visibility"><c>public</c>, <c>unlisted</c> or <c>private</c>.</param>
    /// <param name="LatestVersion">What <c>latest</c> is; null when no version is published.</param>
    public sealed record Changed(string Slug, string Name, string Game, string Visibility, string? LatestVersion);

    /// <summary>Data of <c>pack.deleted</c>.</summary>
    /// <param name="Slug">The slug that the pack had.</param>
    /// <param name="Name">Display name at deletion.</param>
    public sealed record Deleted(string Slug, string Name);

    /// <summary>Data of <c>pack.version_published</c>.</summary>
    /// <param name="Slug">The pack's slug.</param>
    /// <param name="Name">The manifest's display name.</param>
    /// <param name="Version">Semantic version, as signed.</param>
    /// <param name="Publisher">The manifest's publisher.</param>
    /// <param name="Game">The manifest's game.</param>
    /// <param name="GameVersion">The manifest's game version.</param>
    /// <param name="PublishedAt">The manifest's time stamp, character for character as signed.</param>
    /// <param name="FileCount">Number of files in the manifest.</param>
    /// <param name="TotalSizeBytes">Sum of the files' sizes in bytes.</param>
    /// <param name="ManifestUrl">Where the manifest is read.</param>
    /// <param name="ManifestSha256">SHA-256 of the manifest's bytes as served, 64 lower-case hex digits.</param>
    public sealed record VersionPublished(
        string Slug, string Name, string Version, string Publisher, string Game, string GameVersion, string PublishedAt, int FileCount, long TotalSizeBytes,
        string ManifestUrl, string ManifestSha256);

    /// <summary>Data of <c>pack.version_withdrawn</c>.</summary>
    /// <param name="Slug">The pack's slug.</param>
    /// <param name="Version">The version withdrawn.</param>
    /// <param name="Reason">Why, 1 to 500 characters.</param>
    /// <param name="LatestVersion">What <c>latest</c> is now; null when no version is left.</param>
    public sealed record VersionWithdrawn(string Slug, string Version, string Reason, string? LatestVersion);

    public static Notice Of(PackChanged pack) => About(
        pack, pack.Created ? EventNames.PackCreated : EventNames.PackUpdated, pack.Slug, pack.OwnerId,
        new Changed(pack.Slug, pack.Name, pack.Game, pack.Visibility, pack.LatestVersion));

    public static Notice Of(PackRemoved pack) => About(pack, EventNames.PackDeleted, pack.Slug, pack.OwnerId, new Deleted(pack.Slug, pack.Name));

    public Notice Of(PackVersionPublished version) => About(
        version, EventNames.PackVersionPublished, version.Slug, version.OwnerId,
        new VersionPublished(
            version.Slug, version.Name, version.Version, version.Publisher, version.Game, version.GameVersion, version.PublishedAt, version.FileCount, version.TotalSizeBytes,
            hub.Value.Link($"/api/v1/packs/{version.Slug}/manifest/{Uri.EscapeDataString(version.Version)}"), version.ManifestSha256));

    /// <summary>Null for a version that was restored: nothing was withdrawn then.</summary>
    public static Notice? Of(PackVersionWithdrawn version) => version.Reason is null ? null : About(
        version, EventNames.PackVersionWithdrawn, version.Slug, version.OwnerId,
        new VersionWithdrawn(version.Slug, version.Version, version.Reason, version.LatestVersion));

    private static Notice About(IHubEvent hubEvent, string name, string slug, Guid ownerId, object data) =>
        new(hubEvent.EventId, name, hubEvent.OccurredAt, Notice.PackSubject(slug), [new Audience(ownerId, slug, Server: null)], data);
}
