using System.Collections.Frozen;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>What an API token allows. A session has every scope of its account's role.</summary>
public static class Scopes
{
    /// <summary>Create, change, delete and withdraw packs, manage their members.</summary>
    public const string PacksWrite = "packs:write";

    /// <summary>Register keys, upload files, publish versions.</summary>
    public const string PacksPublish = "packs:publish";

    /// <summary>Create, change and delete servers, attach packs to them.</summary>
    public const string ServersWrite = "servers:write";

    /// <summary>Send heartbeats.</summary>
    public const string ServersHeartbeat = "servers:heartbeat";

    /// <summary>Toggle and list favourites.</summary>
    public const string Favorites = "favorites";

    /// <summary>Manage webhooks.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>Publish Reloaded-III packages.</summary>
    public const string PackagesPublish = "packages:publish";

    /// <summary>Use the Solder dialect's write routes.</summary>
    public const string Solder = "solder";

    private static readonly FrozenSet<string> Player = FrozenSet.Create(Favorites);

    private static readonly FrozenSet<string> ServerOwner =
        FrozenSet.Create(PacksWrite, PacksPublish, ServersWrite, ServersHeartbeat, Favorites, Webhooks, PackagesPublish, Solder);

    /// <summary>Every scope there is.</summary>
    public static IReadOnlySet<string> All => ServerOwner;

    /// <summary>The scopes that a role may hold.</summary>
    public static IReadOnlySet<string> AllowedFor(Role role) => role >= Role.ServerOwner ? ServerOwner : Player;
}
