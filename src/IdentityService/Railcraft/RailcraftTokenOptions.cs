using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Railcraft;

/// <summary>Section <c>Identity:Railcraft</c>.</summary>
public sealed class RailcraftTokenOptions
{
    /// <summary>Life of a token; 1 min to 1 h (its clients are promised no more), default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tokens of one client that are kept; the oldest give way. 1 to 1,000, default 50.</summary>
    [Range(1, 1_000)]
    public int TokensPerClient { get; set; } = 50;
}
