using System.ComponentModel.DataAnnotations;

namespace PackRelay.Gateway.Answers;

/// <summary>Section <c>Gateway:Cache</c>: which public answers the gateway keeps in memory, and for how long. Events and changes evict them earlier.</summary>
public sealed class AnswerCacheOptions
{
    /// <summary>Memory for kept answers, in bytes; 0 (keep none) to 64 GiB, default 64 MiB. Lists and pages get a quarter of it, manifests and keys the rest.</summary>
    [Range(0, 64L * 1024 * 1024 * 1024)]
    public long CapacityBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Largest answer that is held in memory, kept or not, in bytes; 1 KiB to 64 MiB, default 8 MiB. Larger ones are passed on as they come.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Longest life of a manifest or a key, whatever its service says; 1 s to 1 day, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest life of a list or a page, which shows counters and live state; 0 (keep none) to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ListLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long clients may keep a public list or page without asking again; 0 to 1 h, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ListMaxAge { get; set; } = TimeSpan.FromSeconds(5);
}
