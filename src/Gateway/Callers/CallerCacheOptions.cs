using System.ComponentModel.DataAnnotations;

namespace PackRelay.Gateway.Callers;

/// <summary>Section <c>Gateway:Callers</c>: how long Identity's answers are kept. Revocations and account changes are heard at once whatever stands here.</summary>
public sealed class CallerCacheOptions
{
    /// <summary>Longest time for which a known credential is not asked about again; up to 60 s, default 50 s, so that "last used" is at most a minute old.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>The same for an unknown credential; up to 30 s, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan UnknownLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Credentials kept; 100 to 10 000 000, default 100 000 (some 60 MB). Unknown ones have a tenth of it apart.</summary>
    [Range(100, 10_000_000)]
    public int Capacity { get; set; } = 100_000;
}
