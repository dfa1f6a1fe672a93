namespace PackRelay.Contracts;

/// <summary>Something that became true in one service and that others may act on. Delivered at least once, in order per entity.</summary>
public interface IHubEvent
{
    /// <summary>Identifies the fact, not the delivery: a redelivered event carries the same id, which is what consumers deduplicate by.</summary>
    Guid EventId { get; }

    /// <summary>When it became true, UTC.</summary>
    DateTimeOffset OccurredAt { get; }
}
