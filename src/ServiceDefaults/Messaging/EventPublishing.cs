using System.Diagnostics;
using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>Publishing without the outbox, for events of which the next replaces the one before.</summary>
public static class EventPublishing
{
    /// <summary>Returns when the broker has confirmed the event. While the broker is away it waits for it: limit the waiting with <paramref name="stop"/>.</summary>
    public static Task PublishEventAsync<TEvent>(this IBus bus, TEvent hubEvent, CancellationToken stop)
        where TEvent : class, IHubEvent =>
        bus.PublishBatchAsync(new EventBatch<TEvent>([new(Entity: null, Activity.Current?.Id, hubEvent)]), stop);

    /// <summary>The same for events that travel together.</summary>
    internal static Task PublishBatchAsync<TEvent>(this IBus bus, EventBatch<TEvent> batch, CancellationToken stop)
        where TEvent : class, IHubEvent =>
        bus.Publish(batch, context => context.MessageId = batch.Events[0].Event.EventId, stop);
}
