using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Downloads;

/// <summary>Section <c>Downloads</c>.</summary>
public sealed class DownloadOptions
{
    /// <summary>
    /// Address of a CDN that stands before the hub's <c>/cdn/</c>, such as <c>https://cdn.example.com/</c>: bundles are then at <c>bundles/…</c> below it.
    /// Null, the default: the hub's own <c>/cdn/</c>, or the blob store's own address when it has one.
    /// </summary>
    public Uri? CdnBaseUrl { get; set; }

    /// <summary>How long a download waits for a bundle that is being built; 0 to 15 s (the gateway waits no longer than 20 s), default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:15")]
    public TimeSpan BundleWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Packs with more bytes of files are not waited for; default 50,000,000. A builder of their own serves the others, so that no big pack is in their way.</summary>
    [Range(0, long.MaxValue)]
    public long BundleWaitMaxBytes { get; set; } = 50_000_000;

    /// <summary>How often counted downloads are brought to the packs' pages and lists; 100 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CountInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often metered egress is written; 100 ms to 1 min, default 1 s. A process that dies loses at most this much of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan EgressInterval { get; set; } = TimeSpan.FromSeconds(1);
}
