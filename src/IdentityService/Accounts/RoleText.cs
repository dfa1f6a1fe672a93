using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Accounts;

/// <summary>How a role is written in the database and in events; the same words as in answers.</summary>
internal static class RoleText
{
    public static string ToText(this Role role) => role switch
    {
        Role.Player => "player",
        Role.ServerOwner => "server_owner",
        Role.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role"),
    };

    public static Role Parse(string text) => text switch
    {
        "player" => Role.Player,
        "server_owner" => Role.ServerOwner,
        "admin" => Role.Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, "not a role"),
    };
}
