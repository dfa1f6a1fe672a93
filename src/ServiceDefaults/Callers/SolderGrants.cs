namespace PackRelay.ServiceDefaults.Callers;

/// <summary>What a request may do and see in the Solder dialect: the account's flags and modpacks, and what a key or a client beside it opens for reading.</summary>
/// <param name="Flags">The account's flags, of <see cref="SolderFlags"/>.</param>
/// <param name="Modpacks">Slugs of the modpacks that an administrator gave the account.</param>
/// <param name="ClientModpacks">Numbers of the modpacks that the client is attached to.</param>
/// <param name="HasKey">Whether a valid key was sent: every modpack may be read.</param>
public sealed record SolderGrants(IReadOnlyList<string> Flags, IReadOnlyList<string> Modpacks, IReadOnlyList<long> ClientModpacks, bool HasKey)
{
    /// <summary>Nothing.</summary>
    public static SolderGrants None { get; } = new([], [], [], HasKey: false);

    /// <summary>This and that.</summary>
    public SolderGrants With(SolderGrants other) => new(
        Flags.Count == 0 ? other.Flags : Flags, Modpacks.Count == 0 ? other.Modpacks : Modpacks, ClientModpacks.Count == 0 ? other.ClientModpacks : ClientModpacks, HasKey || other.HasKey);
}

/// <summary>Flags that say what an account may do in the Solder dialect, in the words of that dialect.</summary>
public static class SolderFlags
{
    /// <summary>Everything, with every modpack.</summary>
    public const string Full = "solder_full";

    /// <summary>Manage clients.</summary>
    public const string Clients = "solder_clients";

    /// <summary>Create mods.</summary>
    public const string ModsCreate = "mods_create";

    /// <summary>Change mods and their versions.</summary>
    public const string ModsManage = "mods_manage";

    /// <summary>Delete mods and their versions.</summary>
    public const string ModsDelete = "mods_delete";

    /// <summary>Create modpacks.</summary>
    public const string ModpacksCreate = "modpacks_create";

    /// <summary>Change modpacks that one has access to, and their builds.</summary>
    public const string ModpacksManage = "modpacks_manage";

    /// <summary>Delete modpacks that one has access to.</summary>
    public const string ModpacksDelete = "modpacks_delete";
}
