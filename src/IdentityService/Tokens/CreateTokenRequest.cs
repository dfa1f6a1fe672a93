using System.Text.RegularExpressions;
using PackRelay.IdentityService.Accounts;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.IdentityService.Tokens;

/// <summary>
/// Body of <c>POST /api/v1/me/tokens</c>. Errors, by <c>code</c>: <c>invalid_name</c>, <c>invalid_scopes</c>, <c>invalid_packs</c>, <c>invalid_servers</c>,
/// <c>invalid_expires_in_days</c> 400; <c>scope_not_allowed</c> 403; <c>too_many_tokens</c> 409.
/// </summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Scopes">What it allows; all that the account's role allows when absent, only <c>GET /api/v1/me</c> when empty.</param>
/// <param name="Packs">Slugs of the only packs it may touch, at most 50; every pack when absent, none when empty.</param>
/// <param name="Servers">Slugs of the only servers it may touch, at most 50; every server when absent, none when empty.</param>
/// <param name="ExpiresInDays">Days until it expires, 1 to 365; 90 when absent.</param>
public sealed partial record CreateTokenRequest(
    string Name, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Packs = null, IReadOnlyList<string>? Servers = null, int? ExpiresInDays = null)
{
    private const int LongestLifeDays = 365;

    private const int DefaultLifeDays = 90;

    private const int MostSlugs = 50; // they travel in a header with every request of the token

    internal TimeSpan Life => TimeSpan.FromDays(ExpiresInDays ?? DefaultLifeDays);

    /// <summary>The first rule that the body breaks; null when it is fine.</summary>
    internal ApiError? Check()
    {
        if (AccountRules.CheckName(Name) is { } badName) return badName;
        if (ExpiresInDays is < 1 or > LongestLifeDays) return ApiError.Invalid("expiresInDays", $"1 to {LongestLifeDays}");
        // A null element is possible: JSON's nullability is checked for members only.
        if (Scopes is not null && Scopes.Any(scope => scope is null || !ServiceDefaults.Callers.Scopes.All.Contains(scope)))
            return ApiError.Invalid("scopes", $"any of {string.Join(", ", ServiceDefaults.Callers.Scopes.All.Order(StringComparer.Ordinal))}");
        if (!AreSlugs(Packs)) return ApiError.Invalid("packs", $"at most {MostSlugs} slugs of 1 to 64 of a-z, 0-9 and hyphen");
        return AreSlugs(Servers) ? null : ApiError.Invalid("servers", $"at most {MostSlugs} slugs of 1 to 64 of a-z, 0-9 and hyphen");
    }

    private static bool AreSlugs(IReadOnlyList<string>? slugs) =>
        slugs is null || (slugs.Count <= MostSlugs && slugs.All(slug => slug is not null && Slug().IsMatch(slug)));

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Slug();
}

/// <summary>The token that was made. Its text is in this answer and nowhere else.</summary>
/// <param name="Id">Id, for revoking it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Token">The secret: <c>prl_</c> and 49 letters and digits, the last six a checksum.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
public sealed record CreatedToken(Guid Id, string Name, string Token, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);
