using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Whether a request may go on, and what the client is told about its limit.</summary>
/// <param name="IsAllowed">False: answer 429. A refused request is not counted.</param>
/// <param name="Limit">Requests per window.</param>
/// <param name="Remaining">Requests that may still follow at once.</param>
/// <param name="ResetAfter">Until more permits come: the end of the window, or for a refused request the moment to try again.</param>
/// <param name="Window">Length of the window.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateLimitDecision(bool IsAllowed, int Limit, int Remaining, TimeSpan ResetAfter, TimeSpan Window)
{
    /// <summary>Response header: requests per window.</summary>
    public const string LimitHeader = "RateLimit-Limit";

    /// <summary>Response header: requests that may still follow at once.</summary>
    public const string RemainingHeader = "RateLimit-Remaining";

    /// <summary>Response header: whole seconds until more permits come, rounded up.</summary>
    public const string ResetHeader = "RateLimit-Reset";

    private string WindowText => Window.TotalSeconds switch
    {
        60 => "a minute",
        3_600 => "an hour",
        var seconds => string.Create(CultureInfo.InvariantCulture, $"in {seconds} seconds"),
    };

    /// <summary>Sets the three RateLimit headers.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        headers[LimitHeader] = Limit.ToString(CultureInfo.InvariantCulture);
        headers[RemainingHeader] = Remaining.ToString(CultureInfo.InvariantCulture);
        headers[ResetHeader] = ((long)Math.Ceiling(ResetAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The answer to a refused request: 429 <c>rate_limited</c> with Retry-After. Call <see cref="WriteTo"/> too.</summary>
    public ApiError ToError() => new(
        StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, $"too many requests: the limit is {Limit} {WindowText}, try again in {Math.Max(1, Math.Ceiling(ResetAfter.TotalSeconds))} seconds")
    {
        RetryAfter = ResetAfter > TimeSpan.FromSeconds(1) ? ResetAfter : TimeSpan.FromSeconds(1),
    };
}
