using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.Gateway.Callers;

/// <summary>What a request shows to prove who makes it.</summary>
/// <param name="Kind">What the secret is; <c>None</c> without one.</param>
/// <param name="Secret">The API token, or the session cookie's value.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Credential(CredentialKind Kind, string Secret)
{
    public const string SessionCookie = "packrelay_session";

    /// <summary>Longer secrets are none of ours and are not asked about.</summary>
    public const int MaxSecretLength = 1_024;

    private const string Scheme = "Bearer ";

    /// <summary>Reads a request's credential; a token wins over the cookie. False when the Authorization header is not one well-formed token.</summary>
    public static bool TryRead(HttpRequest request, out Credential credential, [NotNullWhen(false)] out ApiError? error)
    {
        credential = default;
        error = null;
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 0)
        {
            if (request.Headers.Cookie.Count > 0 && request.Cookies[SessionCookie] is { Length: > 0 } session) credential = new(CredentialKind.Session, session);
            return true;
        }

        if (authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && IsToken(value.AsSpan(Scheme.Length)))
        {
            credential = new(CredentialKind.Token, value[Scheme.Length..]);
            return true;
        }

        error = ApiError.BadRequest(ErrorCodes.InvalidRequest, "Authorization must be there once at most, as 'Bearer <token>'");
        return false;
    }

    private static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('!', '~') && !text.Contains(',');
}
