using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Files.Blobs;

/// <summary>Section <c>Catalog:Blobs</c>: where files are kept.</summary>
public sealed class BlobOptions
{
    /// <summary>Folder of the blobs, absolute or below the service's content root; default <c>.data/blobs</c>. All replicas share it.</summary>
    [Required]
    public string Directory { get; set; } = ".data/blobs";
}
