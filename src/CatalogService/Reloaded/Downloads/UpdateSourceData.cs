using System.Text.Json.Serialization;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>Where a package is published, as its package.toml says. The sites' names are not those of <c>downloadInfo</c>: <c>Nexus</c> here is <c>NexusMods</c> there.</summary>
/// <param name="GameBanana">Its page on GameBanana; absent without one.</param>
/// <param name="GitHub">Its repository on GitHub; absent without one.</param>
/// <param name="Nexus">Its page on Nexus Mods; absent without one.</param>
public sealed record UpdateSourceData(
    [property: JsonPropertyName("GameBanana"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GameBananaPage? GameBanana = null,
    [property: JsonPropertyName("GitHub"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GitHubRepository? GitHub = null,
    [property: JsonPropertyName("Nexus"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NexusPage? Nexus = null)
{
    /// <summary>Whether a version may be seen: the trusted site has a file of it, and its page there names every other site that the version is on.</summary>
    internal bool Releases(string trustedSite, IReadOnlyCollection<DownloadInfo> files) =>
        files.Any(file => file.Type == trustedSite && !file.WasDeleted) && files.All(file => file.Type == trustedSite || Allows(file.Type));

    /// <summary>Whether it names a site, by the name that <c>downloadInfo</c> has for it.</summary>
    private bool Allows(string site) => site switch
    {
        DownloadSites.GameBanana => GameBanana is not null,
        DownloadSites.NexusMods => Nexus is not null,
        DownloadSites.GitHub => GitHub is not null,
        _ => false,
    };
}

/// <summary>A page on GameBanana.</summary>
/// <param name="ItemType">Its kind, such as <c>Mod</c>; 1 to 100 characters.</param>
/// <param name="ItemId">Its number.</param>
public sealed record GameBananaPage([property: JsonPropertyName("ItemType")] string ItemType, [property: JsonPropertyName("ItemId")] ulong ItemId);

/// <summary>A repository on GitHub.</summary>
/// <param name="UserName">Whose it is; 1 to 100 characters.</param>
/// <param name="RepositoryName">Its name; 1 to 100 characters.</param>
public sealed record GitHubRepository([property: JsonPropertyName("UserName")] string UserName, [property: JsonPropertyName("RepositoryName")] string RepositoryName);

/// <summary>A page on Nexus Mods.</summary>
/// <param name="GameId">The game's number there, 0 to 4294967295.</param>
/// <param name="Id">The mod's number there.</param>
public sealed record NexusPage([property: JsonPropertyName("GameId")] uint GameId, [property: JsonPropertyName("Id")] ulong Id);
