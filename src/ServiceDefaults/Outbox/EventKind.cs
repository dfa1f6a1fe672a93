using System.Collections.Frozen;
using System.Text.Json;
using MassTransit;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.ServiceDefaults.Outbox;

/// <summary>A type of event by the name that it has in the outbox: reads its rows and sends them together.</summary>
internal abstract class EventKind
{
    private static readonly FrozenDictionary<string, EventKind> Known = typeof(IHubEvent).Assembly.GetExportedTypes()
        .Where(type => type.IsAssignableTo(typeof(IHubEvent)) && type.IsClass)
        .ToFrozenDictionary(type => type.Name, type => (EventKind)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!, StringComparer.Ordinal);

    /// <summary>The kind of that name. Fails for one that this release does not know.</summary>
    public static EventKind Get(string name) => Known.TryGetValue(name, out var kind) ? kind : throw new JsonException($"The outbox holds an event of the unknown type {name}.");

    /// <summary>The event of a row.</summary>
    public abstract IHubEvent Read(string body);

    /// <summary>Sends events of this kind in one message. Returns when the broker has confirmed it.</summary>
    public abstract Task SendAsync(IBus bus, IEnumerable<PlannedEvent> events, CancellationToken stop);

    private sealed class Of<TEvent> : EventKind
        where TEvent : class, IHubEvent
    {
        public override IHubEvent Read(string body) => JsonSerializer.Deserialize<TEvent>(body) ?? throw new JsonException($"The outbox holds a {typeof(TEvent).Name} without content.");

        public override Task SendAsync(IBus bus, IEnumerable<PlannedEvent> events, CancellationToken stop) => bus.PublishBatchAsync(
            new EventBatch<TEvent>([.. events.Select(planned => new SentEvent<TEvent>(planned.Row.Entity, planned.Row.TraceParent, (TEvent)planned.Event))]), stop);
    }
}
