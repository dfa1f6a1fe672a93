using PackRelay.Gateway.Callers;
using PackRelay.ServiceDefaults.RateLimiting;
using Yarp.ReverseProxy.Configuration;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Which limit a route's requests are counted against, by its metadata <c>RateLimit</c>:
/// <c>Caller</c> (default): the account's limit with credentials, the address' without; <c>AnonymousOnly</c>: only the latter, for routes that a service
/// limits by itself; <c>SignIn</c>, <c>AccountCreation</c>, <c>Verify</c>, <c>Reports</c>: that limit, per address.
/// </summary>
internal sealed class RouteLimit(RateLimitPolicies policies, SharedRateLimiter limiter)
{
    private const string Key = "RateLimit";

    private static readonly string[] Names = ["Caller", "AnonymousOnly", "SignIn", "AccountCreation", "Verify", "Reports"];

    /// <summary>What is wrong with a route's metadata; null when nothing is.</summary>
    public static string? Problem(RouteConfig route) =>
        route.Metadata?.GetValueOrDefault(Key) is { } name && !Names.Contains(name, StringComparer.Ordinal)
            ? $"Route '{route.RouteId}': the metadata {Key} is '{name}', not one of {string.Join(", ", Names)}."
            : null;

    /// <summary>Counts the request; null when it is not counted here.</summary>
    public async ValueTask<RateLimitDecision?> AcquireAsync(RouteConfig route, KnownCaller? caller, HttpContext context)
    {
        var isAnonymous = caller?.Caller is null;
        var policy = route.Metadata?.GetValueOrDefault(Key) switch
        {
            "SignIn" => policies.SignInPerAddress,
            "AccountCreation" => policies.AccountCreation,
            "Verify" => policies.Verify,
            "Reports" => policies.Reports,
            "AnonymousOnly" when !isAnonymous => null,
            _ => isAnonymous ? policies.Anonymous : policies.Token,
        };
        if (policy is null) return null;
        var subject = policy == policies.Token ? caller!.Subject : RateLimitSubject.Of(context.Connection.RemoteIpAddress);
        return await limiter.AcquireAsync(policy, subject, context.RequestAborted);
    }
}
