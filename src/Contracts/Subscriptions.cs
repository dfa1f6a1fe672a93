namespace PackRelay.Contracts;

/// <summary>A durable queue, shared by all replicas of its service, and the events it receives.</summary>
/// <param name="Queue">The queue's name on the broker.</param>
/// <param name="Events">Event types bound to it.</param>
public sealed record Subscription(string Queue, params IReadOnlyList<Type> Events)
{
    /// <summary>
    /// Whether one replica consumes it at a time, and another only when that one is gone: for consumers that go by the order of an entity's events. The others share the work and go by
    /// <c>Revision</c>. A queue keeps what it was declared with: to change this takes another name.
    /// </summary>
    public bool InOrder { get; init; }
}

/// <summary>
/// Every durable subscription of the system. Publishers declare and bind these queues before their first event, because the broker
/// silently drops what is published to an exchange without a bound queue: a consumer that has never run yet loses nothing.
/// </summary>
public static class Subscriptions
{
    /// <summary>The webhook service: everything an endpoint may be told of.</summary>
    public static Subscription WebhookEvents { get; } = new(
        "webhook-events-in-order",
        typeof(PackChanged), typeof(PackRemoved), typeof(PackVersionPublished), typeof(PackVersionWithdrawn),
        typeof(ServerChanged), typeof(ServerRemoved), typeof(ServerWentOnline), typeof(ServerWentOffline)) { InOrder = true };

    /// <summary>The webhook service: whose endpoints go, because the account does.</summary>
    public static Subscription WebhookAccounts { get; } = new("webhook-accounts", typeof(AccountChanged));

    /// <summary>The telemetry service's projection of the servers that may send heartbeats, and of the version each of them should run.</summary>
    public static Subscription TelemetryServers { get; } = new(
        "telemetry-servers", typeof(ServerChanged), typeof(ServerRemoved), typeof(PackVersionPublished), typeof(PackVersionWithdrawn));

    /// <summary>The catalog's projection of live state for the server list.</summary>
    public static Subscription CatalogLiveServers { get; } = new("catalog-live-servers", typeof(ServersLive), typeof(ServerWentOnline), typeof(ServerWentOffline));

    /// <summary>The catalog's copy of account names.</summary>
    public static Subscription CatalogAccounts { get; } = new("catalog-accounts", typeof(AccountChanged));

    /// <summary>The audit log, which the identity service keeps for all services.</summary>
    public static Subscription IdentityAudit { get; } = new("identity-audit", typeof(AuditRecorded));

    /// <summary>The identity service: accounts are given modpacks by their slugs, which change and go.</summary>
    public static Subscription IdentityModpacks { get; } = new("identity-modpacks-in-order", typeof(SolderModpackRenamed), typeof(PackRemoved)) { InOrder = true };

    /// <summary>All of them, for those who declare the topology.</summary>
    public static IReadOnlyList<Subscription> All { get; } = [WebhookEvents, WebhookAccounts, TelemetryServers, CatalogLiveServers, CatalogAccounts, IdentityAudit, IdentityModpacks];
}
