using System.Collections.Frozen;

namespace PackRelay.WebhookService.Events;

/// <summary>Everything a webhook can be told of. docs/WEBHOOKS.md shows a body of each.</summary>
internal static class EventNames
{
    public const string PackCreated = "pack.created";

    public const string PackUpdated = "pack.updated";

    public const string PackDeleted = "pack.deleted";

    public const string PackVersionPublished = "pack.version_published";

    public const string PackVersionWithdrawn = "pack.version_withdrawn";

    public const string ServerCreated = "server.created";

    public const string ServerUpdated = "server.updated";

    public const string ServerDeleted = "server.deleted";

    public const string ServerOnline = "server.online";

    public const string ServerOffline = "server.offline";

    public const string ServerPackAttached = "server.pack_attached";

    public const string Ping = "ping";

    /// <summary>In a subscription: every event, also those that come with later releases.</summary>
    public const string Everything = "*";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        PackCreated, PackUpdated, PackDeleted, PackVersionPublished, PackVersionWithdrawn,
        ServerCreated, ServerUpdated, ServerDeleted, ServerOnline, ServerOffline, ServerPackAttached, Ping);

    /// <summary>All of them. A name that was ever told of stays among them: logs are read by it.</summary>
    public static IReadOnlyCollection<string> All => Known;

    /// <summary>False for null too, which JSON can put into any list.</summary>
    public static bool IsKnown(string? name) => name is not null && Known.Contains(name);

    public static bool IsOfPacks(string name) => name == Everything || name.StartsWith("pack.", StringComparison.Ordinal);

    public static bool IsOfServers(string name) => name == Everything || name.StartsWith("server.", StringComparison.Ordinal);
}
