using System.Diagnostics.CodeAnalysis;
using MassTransit;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>
/// Knows for each entity the event that was sent last, so that the next waits for it. The transport starts many messages at once and so may hand over a later
/// one first: each therefore takes its place only when all that were sent before it have taken theirs. One per queue.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the bus, and nobody waits on the semaphore's handle.")]
internal sealed class EntityOrder(TimeProvider clock) : IFilter<ReceiveContext>
{
    // Batches hold up to a hundred events each: without a bound a backlog would have thousands of them wait for the database's connections at once.
    private const int MostAtOnce = 64;

    // What was sent on a connection that broke may never be handed over; it comes again on the next one.
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> newest = new(StringComparer.Ordinal); // of each entity with events under way
    private readonly SemaphoreSlim slots = new(MostAtOnce);
    private Line line = new("");

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!context.TryGetPayload<RabbitMqBasicConsumeContext>(out var sent))
        {
            await next.Send(context);
            return;
        }

        var place = Arrive(sent.ConsumerTag, sent.DeliveryTag);
        context.AddOrUpdatePayload(() => place, _ => place);
        try
        {
            await next.Send(context);
        }
        finally
        {
            Leave(place);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("entityOrder");

    /// <summary>Waits for the message's turn. Gives the end of what was sent before it, by entity.</summary>
    internal async Task<Dictionary<string, Task>> TakeAsync(EntityPlace place, IReadOnlyCollection<string> entities)
    {
        await place.Turn.Task.WaitAsync(LongestGap, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            var before = entities.ToDictionary(entity => entity, entity => newest.GetValueOrDefault(entity) ?? Task.CompletedTask, StringComparer.Ordinal);
            foreach (var entity in entities)
            {
                place.Open[entity] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                newest[entity] = place.Open[entity].Task;
            }

            Pass(place);
            return before;
        }
    }

    /// <summary>Runs what consumes an event when one of the queue's slots is free.</summary>
    internal async Task RunAsync(Func<Task> consume, CancellationToken stop)
    {
        await slots.WaitAsync(stop);
        try
        {
            await consume();
        }
        finally
        {
            slots.Release();
        }
    }

    internal void Finish(EntityPlace place, string entity)
    {
        lock (gate)
        {
            if (!place.Open.Remove(entity, out var end)) return;
            if (newest.GetValueOrDefault(entity) == end.Task) newest.Remove(entity);
            end.SetResult();
        }
    }

    private EntityPlace Arrive(string consumer, ulong number)
    {
        lock (gate)
        {
            if (line.Consumer != consumer) line = new Line(consumer); // connected anew: the broker counts from 1 again
            var place = new EntityPlace(this, line, number);
            line.Waiting[number] = place;
            CallUp(line);
            return place;
        }
    }

    private void Leave(EntityPlace place)
    {
        lock (gate) Pass(place); // of a message that never came as far as its consumer
        foreach (var entity in place.Open.Keys.ToArray()) Finish(place, entity);
    }

    private static void Pass(EntityPlace place)
    {
        place.Line.Waiting.Remove(place.Number);
        place.Line.Next = Math.Max(place.Line.Next, place.Number + 1);
        CallUp(place.Line);
    }

    private static void CallUp(Line line)
    {
        foreach (var (number, place) in line.Waiting)
        {
            if (number <= line.Next) place.Turn.TrySetResult();
        }
    }

    /// <summary>What one consumer was sent: the number whose turn it is, and who waits for theirs.</summary>
    internal sealed class Line(string consumer)
    {
        public string Consumer => consumer;

        public ulong Next { get; set; } = 1;

        public Dictionary<ulong, EntityPlace> Waiting { get; } = [];
    }
}

/// <summary>A message's place among those of its queue, as a payload of its context.</summary>
internal sealed class EntityPlace(EntityOrder order, EntityOrder.Line line, ulong number)
{
    public EntityOrder.Line Line => line;

    public ulong Number => number;

    public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The entities that it has not done with.</summary>
    public Dictionary<string, TaskCompletionSource> Open { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc cref="EntityOrder.TakeAsync"/>
    public Task<Dictionary<string, Task>> TakeAsync(IReadOnlyCollection<string> entities) => order.TakeAsync(this, entities);

    /// <inheritdoc cref="EntityOrder.RunAsync"/>
    public Task RunAsync(Func<Task> consume, CancellationToken stop) => order.RunAsync(consume, stop);

    /// <summary>Lets later messages have the entity.</summary>
    public void Finish(string entity) => order.Finish(this, entity);
}
