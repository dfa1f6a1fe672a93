using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Sessions;

/// <summary>Section <c>Identity:Sessions</c>.</summary>
public sealed class SessionLifetimeOptions
{
    /// <summary>How long a session lasts after its last use; 1 minute to 365 days, default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a session lasts at most, however much it is used, and so the cookie's Max-Age; 1 minute to 400 days, default 180 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "400.00:00:00")] // browsers cut a longer Max-Age down to 400 days
    public TimeSpan GreatestAge { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Sessions that an account may have at a time; beyond that the one used longest ago ends. 1 to 1,000, default 100.</summary>
    [Range(1, 1_000)]
    public int PerAccount { get; set; } = 100;
}
