namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>How many requests one subject may make in a stretch of time.</summary>
/// <param name="Name">What is counted; part of the shared counter's key, so the same everywhere.</param>
/// <param name="Permits">Requests per window; 1 or more.</param>
/// <param name="Window">Length of the window.</param>
public sealed record RateLimitPolicy(string Name, int Permits, TimeSpan Window);
