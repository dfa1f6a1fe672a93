namespace PackRelay.Contracts;

/// <summary>
/// How events travel: those of one type that left an outbox together, in the order of their commits. A message costs every process on its way half a
/// millisecond, however little it carries, so that a busy hub sends many events in one.
/// </summary>
/// <param name="Events">At least one. After a redelivery some may come again, in another batch.</param>
public sealed record EventBatch<TEvent>(IReadOnlyList<SentEvent<TEvent>> Events)
    where TEvent : class, IHubEvent;

/// <summary>An event on its way.</summary>
/// <param name="Entity">What it is about, as it was written into the outbox: events of one entity are consumed in order. Null for one that waits for no other.</param>
/// <param name="TraceParent">The trace that it belongs to, a W3C <c>traceparent</c>; null when nothing was traced.</param>
/// <param name="Event">The event itself.</param>
public sealed record SentEvent<TEvent>(string? Entity, string? TraceParent, TEvent Event)
    where TEvent : class, IHubEvent;
