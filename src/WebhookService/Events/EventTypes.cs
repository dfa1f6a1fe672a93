using System.Text.Json.Nodes;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Events;

/// <summary>A kind of event that webhooks are told of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">When it happens.</param>
/// <param name="Schema">JSON Schema (draft 2020-12) of the whole body. Further members may come; ignore what you do not know.</param>
internal sealed record EventType(string Name, string Description, JsonObject Schema);

/// <summary>Every event with the schema of its body, made from the record that is sent: the two cannot disagree.</summary>
internal sealed class EventTypes
{
    private readonly Lazy<IReadOnlyList<EventType>> all = new(static () =>
    [
        Of<PackNotices.Changed>(EventNames.PackCreated, "A pack was made."),
        Of<PackNotices.Changed>(EventNames.PackUpdated, "A pack's page changed, or a version was restored."),
        Of<PackNotices.Deleted>(EventNames.PackDeleted, "A pack was deleted."),
        Of<PackNotices.VersionPublished>(EventNames.PackVersionPublished, "A signed version was accepted."),
        Of<PackNotices.VersionWithdrawn>(EventNames.PackVersionWithdrawn, "A version was withdrawn."),
        Of<ServerNotices.Changed>(EventNames.ServerCreated, "A server was registered."),
        Of<ServerNotices.Changed>(EventNames.ServerUpdated, "A server's page changed, or its pack was detached."),
        Of<ServerNotices.Deleted>(EventNames.ServerDeleted, "A server was removed."),
        Of<ServerNotices.Online>(EventNames.ServerOnline, "The first heartbeat came of a server that was offline or new."),
        Of<ServerNotices.Offline>(EventNames.ServerOffline, "A server announced its stop, or was not heard of for too long."),
        Of<ServerNotices.Changed>(EventNames.ServerPackAttached, "A server took up a pack, or moved its pin; the pack's publisher is told as well."),
        Of<DeliveryEnqueuer.PingData>(EventNames.Ping, "Somebody asked for it."),
    ]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<EventType> All => all.Value;

    private static EventType Of<TData>(string name, string description) => new(name, description, new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = name,
        ["description"] = description,
        ["type"] = "object",
        ["required"] = new JsonArray("event", "deliveryId", "occurredAt", "data"),
        ["properties"] = new JsonObject
        {
            ["event"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(name) },
            ["deliveryId"] = new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The same on every attempt, as in the headers." },
            ["occurredAt"] = new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "When it became true, UTC." },
            ["data"] = RecordSchema.Of(typeof(TData)),
        },
    });
}
