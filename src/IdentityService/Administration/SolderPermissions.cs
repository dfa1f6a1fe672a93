using System.Collections.Frozen;

namespace PackRelay.IdentityService.Administration;

/// <summary>Flags that say what an account may do in the Solder dialect, in the words of that dialect.</summary>
internal static class SolderPermissions
{
    /// <summary>Every flag, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "solder_full", "solder_users", "solder_keys", "solder_clients", "mods_create", "mods_manage", "mods_delete", "modpacks_create", "modpacks_manage", "modpacks_delete",
    ];

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string flag) => Known.Contains(flag);
}
