using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>Section <c>Catalog:Blobs</c>: where files are kept.</summary>
public sealed class BlobOptions
{
    /// <summary>Folder of the blobs, absolute or below the service's content root; default <c>.data/blobs</c>. All replicas share it. Not used with <see cref="S3"/>.</summary>
    [Required]
    public string Directory { get; set; } = ".data/blobs";

    /// <summary>An S3-compatible store that takes the folder's place; null, the default, when there is none.</summary>
    [ValidateObjectMembers]
    public S3Options? S3 { get; set; }
}

/// <summary>Section <c>Catalog:Blobs:S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Address of the store, <c>https://…</c> or, for one on this machine, <c>http://…</c>; clients are redirected to it, so they must reach it too.</summary>
    [Required]
    public Uri ServiceUrl { get; set; } = null!;

    /// <summary>Name of the bucket, which must exist.</summary>
    [Required]
    public string Bucket { get; set; } = null!;

    /// <summary>Access key.</summary>
    [Required]
    public string AccessKey { get; set; } = null!;

    /// <summary>Secret key.</summary>
    [Required]
    public string SecretKey { get; set; } = null!;

    /// <summary>Region that signatures name; default <c>us-east-1</c>.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the bucket stands in the path (<c>host/bucket/key</c>) and not in the host name; default true.</summary>
    public bool ForcePathStyle { get; set; } = true;

    /// <summary>How long the address of a download works; 1 min to 7 days, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan PresignedFor { get; set; } = TimeSpan.FromHours(1);
}
