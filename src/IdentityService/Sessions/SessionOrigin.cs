using PackRelay.ServiceDefaults.Audit;

namespace PackRelay.IdentityService.Sessions;

/// <summary>Where a session is begun: what its owner tells it from others by.</summary>
/// <param name="Address">The client's address; null when the request did not come through the gateway.</param>
/// <param name="UserAgent">What the client calls itself, at most 300 characters; null when it says nothing.</param>
internal sealed record SessionOrigin(string? Address, string? UserAgent)
{
    private const int LongestUserAgent = 300;

    public static SessionOrigin Of(HttpContext context) => new(Actor.Of(context).Address?.ToString(), Shown(context.Request.Headers.UserAgent.ToString()));

    private static string? Shown(string text)
    {
        if (text.Length > LongestUserAgent) text = text[..(char.IsHighSurrogate(text[LongestUserAgent - 1]) ? LongestUserAgent - 1 : LongestUserAgent)];
        text = string.Concat(text.Where(letter => !char.IsControl(letter))).Trim();
        return text.Length > 0 ? text : null;
    }
}
