using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>Section <c>RailcraftPack</c>.</summary>
public sealed class RailcraftOptions
{
    /// <summary>Slug of the pack that requests mean which name none; default <c>railcraft-pack</c>.</summary>
    [Required]
    public string Slug { get; set; } = "railcraft-pack";

    /// <summary>How long <c>get_download_url</c> and <c>get_file</c> wait for an archive that is being made; 0 to 40 s (the gateway waits no longer than 45 s), default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:40")]
    public TimeSpan BuildWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Archives that each replica makes at a time; 1 to 16, default 2.</summary>
    [Range(1, 16)]
    public int Builders { get; set; } = 2;

    /// <summary>After so long without use an archive is removed, and made again when it is asked for; 1 min to 1 year, default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ArchiveLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Pause between two looks for archives to remove; 1 s to 1 day, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Different archives that one client may ask for in an hour; 1 to 100,000, default 60. It bounds how much of the store a client can fill with choices of optional mods.</summary>
    [Range(1, 100_000)]
    public int ArchivesPerHour { get; set; } = 60;

    /// <summary>Who may fetch an archive by its id; default <c>Requester</c>.</summary>
    public ArchiveAccess ArchiveAccess { get; set; } = ArchiveAccess.Requester;

    /// <summary>Whether <c>get_file</c> answers its failures with the status 200, for clients that show no text of other answers; default false: 4xx and 503.</summary>
    public bool FileErrorsAsOk { get; set; }

    /// <summary>Ads.</summary>
    [ValidateObjectMembers]
    public AdOptions Ads { get; set; } = new();
}

/// <summary>Section <c>RailcraftPack:Ads</c>.</summary>
public sealed class AdOptions
{
    /// <summary>Live ads that one client may have; 1 to 1,000, default 5.</summary>
    [Range(1, 1_000)]
    public int PerClient { get; set; } = 5;

    /// <summary>Most words of a title, and of a body; 1 to 10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int Words { get; set; } = 100;

    /// <summary>How long an ad is live after it was posted or bumped; 1 min to 1 year, default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Most ads of one answer, also when the client sets no limit; 1 to 100,000, default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxListed { get; set; } = 1_000;
}

/// <summary>Who may fetch an archive.</summary>
public enum ArchiveAccess
{
    /// <summary>Clients that were given its id by <c>get_download_url</c>.</summary>
    Requester,

    /// <summary>Every client whose account sees the pack.</summary>
    Pack,
}
