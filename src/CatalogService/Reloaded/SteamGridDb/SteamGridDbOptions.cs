using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>Section <c>Reloaded:SteamGridDb</c>: pictures of games, asked of SteamGridDB on everybody's behalf.</summary>
public sealed class SteamGridDbOptions
{
    /// <summary>The operator's key; without one, the default, the routes answer 503 <c>steamgriddb_not_configured</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Where its API is; default <c>https://www.steamgriddb.com/api/v2/</c>.</summary>
    [Required]
    public Uri BaseUrl { get; set; } = new("https://www.steamgriddb.com/api/v2/");

    /// <summary>Longest wait for an answer; 100 ms to 15 s (the gateway waits for 20 s), default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:15")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer is given out without asking again; 1 min to 7 days, default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an answer is kept for when SteamGridDB cannot be asked; 1 h to 30 days, default 7 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan StaleFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long SteamGridDB is left alone after it failed; 0 to 10 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan PauseAfterFailure { get; set; } = TimeSpan.FromSeconds(10);
}
