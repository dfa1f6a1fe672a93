using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Files;

/// <summary>Section <c>Catalog:Files</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>Most bytes of one file; 1 KiB to 16 GiB, default 128 MiB.</summary>
    [Range(1024L, 16L * 1024 * 1024 * 1024)]
    public long MaxFileBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>Most bytes of one file that is brought in parts; 1 KiB to 64 GiB, default 4 GiB.</summary>
    [Range(1024L, 64L * 1024 * 1024 * 1024)]
    public long MaxMultipartFileBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Most unfinished uploads of one account; 1 to 100,000, default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxOpenUploads { get; set; } = 1_000;

    /// <summary>How long an upload may go without a sign of life before its parts are removed; 1 min to 30 days, default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan UploadsKeptFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Pause between two looks for abandoned uploads; 1 s to 1 day, default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UploadSweepInterval { get; set; } = TimeSpan.FromMinutes(5);
}
