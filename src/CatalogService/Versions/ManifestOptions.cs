using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Versions;

/// <summary>Section <c>Catalog:Manifests</c>: how large a version may be.</summary>
public sealed class ManifestOptions
{
    /// <summary>Most files of a manifest; 1 to 1,000,000, default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 20_000;

    /// <summary>Most bytes of a manifest as it is sent; 1 KiB to 64 MiB, default 8 MiB. It is held in memory while it is checked.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxManifestBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long clients and caches may keep the manifest of <em>the latest</em> version without asking again; 0 to 1 h, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LatestMaxAge { get; set; } = TimeSpan.FromSeconds(15);
}
