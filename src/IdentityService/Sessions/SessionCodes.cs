namespace PackRelay.IdentityService.Sessions;

/// <summary>Error codes of the session routes.</summary>
internal static class SessionCodes
{
    /// <summary>401: no account has this login and this password.</summary>
    public const string InvalidCredentials = "invalid_credentials";
}
