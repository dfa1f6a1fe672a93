using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.IdentityService.Secrets;

/// <summary>
/// Counts how often a password is tried, by the login it is tried for and from wherever: a guess is a guess whether it is made at sign-in or with a
/// stolen session at a route that asks for the current password.
/// </summary>
internal sealed class PasswordAttempts(SharedRateLimiter limiter, RateLimitPolicies limits)
{
    /// <summary>Counts one attempt; the answer to give when there were too many, else null.</summary>
    /// <param name="login">Username or e-mail address in lower case.</param>
    /// <param name="response">Gets the headers of the limit with a refusal.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task<ApiError?> RefusalAsync(string login, HttpResponse response, CancellationToken stop)
    {
        var attempt = await limiter.AcquireAsync(limits.SignInPerLogin, RateLimitSubject.OfText(login), stop);
        if (attempt.IsAllowed) return null;
        attempt.WriteTo(response.Headers);
        return attempt.ToError();
    }
}
