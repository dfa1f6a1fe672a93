using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>Acts on an event. It may come more than once, also after it succeeded: whoever consumes it twice must end up where once would have led.</summary>
public interface IEventConsumer<in TEvent>
    where TEvent : class, IHubEvent
{
    /// <summary>Returns when the event has taken effect: only then is it given back to the broker as done. What it throws has it tried again.</summary>
    Task ConsumeAsync(TEvent hubEvent, CancellationToken cancellationToken);
}
