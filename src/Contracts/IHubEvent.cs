namespace PackRelay.Contracts;

/// <summary>Something that became true in one service and that others may act on. Delivered at least once, in order per entity.</summary>
public interface IHubEvent
{
    /// <summary>Identifies the fact, not the delivery: a redelivered event carries the same id, which is what consumers deduplicate by.</summary>
    Guid EventId { get; }

    /// <summary>When it became true, UTC.</summary>
    DateTimeOffset OccurredAt { get; }
}

/// <summary>An event that stands in no order to others: those that leave an outbox together travel as one message.</summary>
public interface ICollectedEvent : IHubEvent
{
    /// <summary>The message that carries all of these events, which are of this one's type, this one first.</summary>
    IHubEvent Collect(IReadOnlyList<IHubEvent> events);
}
