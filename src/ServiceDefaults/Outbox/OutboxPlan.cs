using System.Text.Json;
using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Outbox;

/// <summary>A committed event that waits.</summary>
/// <param name="Position">Its place in the order of the outbox.</param>
/// <param name="Entity">What it is about.</param>
/// <param name="EventType">Name of its type.</param>
/// <param name="Body">The event as JSON.</param>
/// <param name="TraceParent">The trace of the request that wrote it; null without one.</param>
internal sealed record OutboxRow(long Position, string Entity, string EventType, string Body, string? TraceParent);

/// <summary>A row and the event in it.</summary>
internal sealed record PlannedEvent(OutboxRow Row, IHubEvent Event);

/// <summary>Events of one type that are sent together.</summary>
internal sealed record PlannedBatch(EventKind Kind, List<PlannedEvent> Events);

/// <summary>
/// Puts the events of a pass into as few messages as their order allows: an event joins the last message of its type, unless a later message has an event of
/// its entity already. The messages are to be sent one after the other.
/// </summary>
internal sealed class OutboxPlan
{
    /// <summary>Bounds what one message costs its consumers in memory, and what comes again when one of them dies with it.</summary>
    private const int MostPerBatch = 100;

    private readonly List<PlannedBatch> batches = [];
    private readonly Dictionary<EventKind, int> lastOfKind = [];
    private readonly Dictionary<string, int> lastOfEntity = new(StringComparer.Ordinal);
    private readonly HashSet<string> heldUp = new(StringComparer.Ordinal);

    private OutboxPlan()
    {
    }

    /// <summary>In the order in which they must be sent.</summary>
    public IReadOnlyList<PlannedBatch> Batches => batches;

    /// <summary>Why the events of an entity stay behind an event that cannot be read, as after a step back to an older release; null when all can be.</summary>
    public JsonException? Unreadable { get; private set; }

    /// <param name="rows">In the order of their positions.</param>
    public static OutboxPlan Of(IEnumerable<OutboxRow> rows)
    {
        var plan = new OutboxPlan();
        foreach (var row in rows) plan.Add(row);
        return plan;
    }

    private void Add(OutboxRow row)
    {
        if (heldUp.Contains(row.Entity)) return;
        try
        {
            var kind = EventKind.Get(row.EventType);
            var planned = new PlannedEvent(row, kind.Read(row.Body));
            var place = Place(kind, row.Entity);
            batches[place].Events.Add(planned);
            lastOfEntity[row.Entity] = place;
        }
        catch (JsonException error)
        {
            Unreadable = error;
            heldUp.Add(row.Entity);
        }
    }

    private int Place(EventKind kind, string entity)
    {
        if (lastOfKind.TryGetValue(kind, out var last) && last >= lastOfEntity.GetValueOrDefault(entity) && batches[last].Events.Count < MostPerBatch) return last;
        batches.Add(new PlannedBatch(kind, []));
        return lastOfKind[kind] = batches.Count - 1;
    }
}
