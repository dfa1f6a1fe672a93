using System.Text.RegularExpressions;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.IdentityService.Administration;

/// <summary>
/// Body of <c>PATCH /api/v1/admin/accounts/{id}</c>; what is absent stays as it is, and nothing may be null. Errors, by <c>code</c>: <c>invalid_role</c>,
/// <c>invalid_plan</c>, <c>invalid_permissions</c>, <c>invalid_solder_modpacks</c>, <c>invalid_suspended</c> 400; <c>last_admin</c> 409.
/// </summary>
/// <param name="Role"><c>player</c>, <c>server_owner</c> or <c>admin</c>.</param>
/// <param name="Plan"><c>free</c> or <c>pro</c>.</param>
/// <param name="Permissions">Flags of the Solder dialect to turn on or off; those that are not named stay.</param>
/// <param name="SolderModpacks">Slugs of the modpacks that these flags bear on, at most 1,000; replaces the list.</param>
/// <param name="Suspended">True shuts the account out: its sessions end, its tokens are refused while it lasts.</param>
public sealed partial record UpdateAccountRequest(
    PatchField<string?> Role = default, PatchField<string?> Plan = default, PatchField<Dictionary<string, bool>?> Permissions = default,
    PatchField<IReadOnlyList<string>?> SolderModpacks = default, PatchField<bool?> Suspended = default)
{
    private const int MostModpacks = 1_000;

    /// <summary>The first rule that the body breaks; null when it is fine.</summary>
    internal ApiError? Check()
    {
        if (Role.IsSet && Role.Value is not ("player" or "server_owner" or "admin")) return ApiError.Invalid("role", "player, server_owner or admin");
        if (Plan.IsSet && Plan.Value is not ("free" or "pro")) return ApiError.Invalid("plan", "free or pro");
        if (Permissions.IsSet && (Permissions.Value is null || !Permissions.Value.Keys.All(SolderPermissions.IsKnown)))
            return ApiError.Invalid("permissions", $"an object of true and false; its members are any of {string.Join(", ", SolderPermissions.All)}");
        if (SolderModpacks.IsSet && !AreSlugs(SolderModpacks.Value))
            return ApiError.Invalid("solderModpacks", $"at most {MostModpacks} slugs of 1 to 64 letters, digits, hyphens and underscores");
        return Suspended is { IsSet: true, Value: null } ? ApiError.Invalid("suspended", "true or false") : null;
    }

    private static bool AreSlugs(IReadOnlyList<string>? slugs) =>
        slugs is { Count: <= MostModpacks } && slugs.All(slug => slug is not null && Slug().IsMatch(slug));

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Slug();
}
