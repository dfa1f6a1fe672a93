using System.Runtime.InteropServices;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>
/// A sliding window counter: requests are counted in windows aligned to the clock, and the window before counts as far as it still overlaps the
/// last stretch of one window's length. So a burst at a boundary is not let through twice, and two numbers per subject are all that is kept.
/// </summary>
/// <param name="Window">Number of the current window since the epoch.</param>
/// <param name="Current">Requests let through in it.</param>
/// <param name="Previous">Requests let through in the one before.</param>
/// <param name="ElapsedMs">How much of the current window is over, in milliseconds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WindowCount(long Window, long Current, long Previous, long ElapsedMs)
{
    /// <summary>The count as it stands at a later moment.</summary>
    public WindowCount At(long nowMs, long windowMs)
    {
        var window = nowMs / windowMs;
        var elapsed = nowMs - (window * windowMs);
        if (window == Window) return this with { ElapsedMs = elapsed };
        return window == Window + 1 ? new(window, 0, Current, elapsed) : new(window, 0, 0, elapsed);
    }

    /// <summary>Whether one more request fits.</summary>
    public bool Admits(RateLimitPolicy policy) => Weighted(policy) + 1 <= policy.Permits;

    /// <summary>What the client is told, with the request already counted when it was let through.</summary>
    public RateLimitDecision ToDecision(RateLimitPolicy policy, bool isAllowed)
    {
        var remaining = isAllowed ? Math.Max(0, (int)Math.Floor(policy.Permits - Weighted(policy))) : 0;
        return new(isAllowed, policy.Permits, remaining, isAllowed ? policy.Window - TimeSpan.FromMilliseconds(ElapsedMs) : NextPermit(policy), policy.Window);
    }

    private double Weighted(RateLimitPolicy policy) => (Previous * (1 - (ElapsedMs / policy.Window.TotalMilliseconds))) + Current;

    private TimeSpan NextPermit(RateLimitPolicy policy)
    {
        // The share of a window that must be over before the counted requests weigh at most one less than the limit.
        var wanted = policy.Permits - 1.0;
        var share = Current <= wanted
            ? 1 - ((wanted - Current) / Math.Max(1, Previous))
            : 2 - (wanted / Current); // not in this window: in the next one, where this one's requests fade out
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((share * policy.Window.TotalMilliseconds) - ElapsedMs)));
    }
}
