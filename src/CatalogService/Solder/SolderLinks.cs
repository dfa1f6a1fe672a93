using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Solder;

/// <summary>Addresses in the dialect's answers.</summary>
internal sealed class SolderLinks(IOptions<SolderOptions> options, IOptions<HubOptions> hub)
{
    /// <summary>The mirror: it always ends in a slash.</summary>
    public string Mirror { get; } = options.Value.MirrorUrl is { } address ? address.AbsoluteUri.TrimEnd('/') + "/" : hub.Value.Link("/mirror/");

    /// <summary>Where the zip of a mod version is.</summary>
    /// <param name="mod">The mod's name.</param>
    /// <param name="version">The version.</param>
    /// <param name="url">Where it was said to be; null for the mirror.</param>
    /// <param name="isHere">Whether the hub has it.</param>
    public string Zip(string mod, string version, string? url, bool isHere) =>
        isHere ? hub.Value.Link("/mirror/" + Path(mod, version)) : url ?? Mirror + Path(mod, version);

    /// <summary>Where a pack's picture is; null without one.</summary>
    public string? Picture(string? sha256) => sha256 is null ? null : hub.Value.Link($"/mirror/art/{sha256}.png");

    /// <summary>Where the zip of a signed version is redirected to, and counted.</summary>
    public string Download(string slug, string version) => hub.Value.Link($"/api/v1/packs/{slug}/download?version={Uri.EscapeDataString(version)}");

    private static string Path(string mod, string version) => $"mods/{Uri.EscapeDataString(mod)}/{Uri.EscapeDataString(mod)}-{Uri.EscapeDataString(version)}.zip";
}
