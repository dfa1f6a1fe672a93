using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Stats;

/// <summary>Section <c>Catalog:Stats</c>.</summary>
public sealed class StatsOptions
{
    /// <summary>Pause between two counts, which is also how long one is given out; 1 s to 1 h, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}
