using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Reloaded;

/// <summary>Section <c>Reloaded</c>: the Reloaded-III Central Server dialect, for the catalog alone; see <see cref="PackRelay.ServiceDefaults.Reloaded.AnswerFormatOptions"/>.</summary>
public sealed class ReloadedOptions
{
    /// <summary>Pause between two looks for packages that changed, for the static files; 100 ms to 1 h, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan StaticInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How old the static files of compatibility reports may be; 1 min to 7 days, default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan StaticReportsInterval { get; set; } = TimeSpan.FromHours(24);
}
