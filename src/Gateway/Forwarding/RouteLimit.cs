using PackRelay.Gateway.Callers;
using PackRelay.ServiceDefaults.RateLimiting;
using Yarp.ReverseProxy.Configuration;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Which limit a route's requests are counted against, by its metadata <c>RateLimit</c>:
/// <c>Caller</c> (default): the account's limit with credentials, the address' without; <c>AnonymousOnly</c>: only the latter, for routes that a service
/// limits by itself; <c>SignIn</c> (POST and PUT only: they carry a password), <c>Verify</c>, <c>Reports</c> and <c>DraftSeeds</c> (POST alone): that limit, per address.
/// </summary>
internal sealed class RouteLimit(RateLimitPolicies policies, SharedRateLimiter limiter)
{
    private const string Key = "RateLimit";

    private static readonly string[] Names = ["Caller", "AnonymousOnly", "SignIn", "Verify", "Reports", "DraftSeeds"];

    /// <summary>What is wrong with a route's metadata; null when nothing is.</summary>
    public static string? Problem(RouteConfig route) =>
        route.Metadata?.GetValueOrDefault(Key) is { } name && !Names.Contains(name, StringComparer.Ordinal)
            ? $"Route '{route.RouteId}': the metadata {Key} is '{name}', not one of {string.Join(", ", Names)}."
            : null;

    /// <summary>The limit that an anonymous request is counted against.</summary>
    public RateLimitPolicy AnonymousPolicy(RouteConfig route) => PolicyOf(route, isAnonymous: true, isAttempt: false)!;

    /// <summary>Counts an anonymous request.</summary>
    public ValueTask<RateLimitDecision> AcquireAsync(RateLimitPolicy policy, HttpContext context) =>
        limiter.AcquireAsync(policy, RateLimitSubject.Of(context.Connection.RemoteIpAddress), CancellationToken.None); // a short wait; the request's own token would be made for it

    /// <summary>Counts the request; null when it is not counted here.</summary>
    public async ValueTask<RateLimitDecision?> AcquireAsync(RouteConfig route, KnownCaller? caller, HttpContext context)
    {
        var isAttempt = HttpMethods.IsPost(context.Request.Method) || HttpMethods.IsPut(context.Request.Method);
        if (PolicyOf(route, caller?.Caller is null, isAttempt) is not { } policy) return null;
        return policy == policies.Token ? await limiter.AcquireAsync(policy, caller!.Subject, context.RequestAborted) : await AcquireAsync(policy, context);
    }

    private RateLimitPolicy? PolicyOf(RouteConfig route, bool isAnonymous, bool isAttempt) => route.Metadata?.GetValueOrDefault(Key) switch
    {
        "SignIn" when isAttempt => policies.SignInPerAddress,
        "Verify" => policies.Verify,
        "Reports" when isAttempt => policies.Reports,
        "DraftSeeds" when isAttempt => policies.DraftSeeds,
        "AnonymousOnly" when !isAnonymous => null,
        _ => isAnonymous ? policies.Anonymous : policies.Token,
    };
}
