using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Solder;

/// <summary>Section <c>Solder</c>: how the hub answers as a Technic Solder.</summary>
public sealed class SolderOptions
{
    /// <summary>Where the zips of mods are that the hub does not have itself, such as <c>https://mods.example.com/</c>; null, the default: the hub's own <c>/mirror/</c>.</summary>
    public Uri? MirrorUrl { get; set; }

    /// <summary>Whether mods may be listed and looked at one by one; default true. When false the three routes are 404 <c>Mod API has been disabled</c>.</summary>
    public bool ModApi { get; set; } = true;

    /// <summary>The game of modpacks that are created here, one of <c>Catalog:Games</c>; default <c>minecraft</c>.</summary>
    [Required]
    public string Game { get; set; } = "minecraft";

    /// <summary>Most modpacks, or mods, of a list, which the dialect does not page: the oldest ones; those that are open to the reader alone come on top. 1 to 1,000,000, default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MostListed { get; set; } = 10_000;

    /// <summary>Longest zip of a mod that may be uploaded, in bytes; 1 KiB to 1 GiB (the gateway takes no more), default 512 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public long MaxModBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>Longest picture of a modpack, in bytes; 1 KiB to 4 MiB (the gateway takes no more), default 2 MiB.</summary>
    [Range(1024, 4 * 1024 * 1024)]
    public int MaxArtBytes { get; set; } = 2 * 1024 * 1024;
}
