using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Drafts;

/// <summary>Section <c>Catalog:Drafts</c>: mod lists that tools leave for a person to make a pack of.</summary>
public sealed class DraftOptions
{
    /// <summary>How long one may be claimed; 1 min to 1 day, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A web page that makes a pack of one: its token is added as <c>?draft=</c>. Null, the default: the claim route itself.</summary>
    public Uri? PageUrl { get; set; }
}
