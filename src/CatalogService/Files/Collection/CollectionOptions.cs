using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Files.Collection;

/// <summary>Section <c>Catalog:Collection</c>: what becomes of files that nothing needs.</summary>
public sealed class CollectionOptions
{
    /// <summary>How long a file may be there without anything that needs it; 1 h to 1 year, default 7 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan IdleFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Pause between two passes; 1 s to 1 day, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most files of one transaction, for which publishing waits; 1 to 10,000, default 200.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 200;
}
