using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Files;

/// <summary>Section <c>Catalog:Files</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>Most bytes of one file; 1 KiB to 16 GiB, default 128 MiB.</summary>
    [Range(1024L, 16L * 1024 * 1024 * 1024)]
    public long MaxFileBytes { get; set; } = 128L * 1024 * 1024;
}
