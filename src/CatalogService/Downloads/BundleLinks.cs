using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Downloads;

/// <summary>Where bundles are fetched.</summary>
internal sealed class BundleLinks(IOptions<DownloadOptions> options, IOptions<HubOptions> hub, IBlobStore blobs)
{
    private readonly Uri? cdn = options.Value.CdnBaseUrl is { } address && !address.AbsoluteUri.EndsWith('/') ? new Uri(address.AbsoluteUri + "/") : options.Value.CdnBaseUrl;

    /// <summary>The name under which a bundle is saved.</summary>
    public static string FileName(string slug, string version) => $"{slug}-{version}.zip";

    /// <summary>At the CDN when there is one, else at the blob store, else here.</summary>
    public string Of(string slug, string version, BuiltBundle bundle)
    {
        var path = $"bundles/{bundle.Sha256}/{FileName(slug, version)}";
        if (cdn is not null) return new Uri(cdn, path).AbsoluteUri;
        return blobs.Link(bundle.Sha256, FileName(slug, version))?.AbsoluteUri ?? hub.Value.Link("/cdn/" + path);
    }
}
