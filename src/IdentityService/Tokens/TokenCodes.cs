namespace PackRelay.IdentityService.Tokens;

/// <summary>Error codes of the token routes, beyond <c>invalid_&lt;field&gt;</c>.</summary>
internal static class TokenCodes
{
    /// <summary>403: the account's role does not allow a scope that was asked for.</summary>
    public const string ScopeNotAllowed = "scope_not_allowed";

    /// <summary>409: the account has as many live tokens as it may have.</summary>
    public const string TooManyTokens = "too_many_tokens";
}
