using MassTransit;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>
/// Lets the events of one entity pass one after the other, as the broker sent them, and those of different entities at the same time. The transport
/// starts many at once and so may hand over a later one first: each therefore waits until all that were sent before it have been handed over too.
/// One per queue.
/// </summary>
internal sealed class EntityOrder(TimeProvider clock) : IFilter<ReceiveContext>
{
    /// <summary>Header of an event: the entity it is about, as it was written into the outbox. What names none waits for nobody.</summary>
    public const string Header = "PackRelay-Entity";

    // What was sent on a connection that broke may never be handed over; it comes again on the next one.
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> newest = new(StringComparer.Ordinal); // of each entity with events under way
    private Line line = new("");

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!context.TryGetPayload<RabbitMqBasicConsumeContext>(out var sent))
        {
            await next.Send(context);
            return;
        }

        var arrival = new Arrival(context.TransportHeaders.Get<string>(Header));
        var mine = Enter(sent.ConsumerTag, sent.DeliveryTag, arrival);
        try
        {
            await ((Task)arrival.Admitted.Task).WaitAsync(LongestGap, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!arrival.Admitted.Task.IsCompleted) SkipTo(mine, sent.DeliveryTag);
            await await arrival.Admitted.Task;
            await next.Send(context);
        }
        finally
        {
            Leave(arrival);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("entityOrder");

    private Line Enter(string consumer, ulong number, Arrival arrival)
    {
        lock (gate)
        {
            if (line.Consumer != consumer) line = new Line(consumer); // connected anew: the broker counts from 1 again
            line.Early[number] = arrival;
            AdmitInTurn(line);
            return line;
        }
    }

    private void SkipTo(Line of, ulong number)
    {
        lock (gate)
        {
            foreach (var early in of.Early.Keys.Where(early => early <= number).Order().ToArray())
            {
                Admit(of.Early[early]);
                of.Early.Remove(early);
            }

            of.Next = Math.Max(of.Next, number + 1);
            AdmitInTurn(of);
        }
    }

    private void AdmitInTurn(Line of)
    {
        for (; of.Early.Remove(of.Next, out var arrival); of.Next++) Admit(arrival);
    }

    private void Admit(Arrival arrival)
    {
        var before = arrival.Entity is null ? null : newest.GetValueOrDefault(arrival.Entity);
        if (arrival.Entity is not null) newest[arrival.Entity] = arrival.Done.Task;
        arrival.Admitted.TrySetResult(before ?? Task.CompletedTask);
    }

    private void Leave(Arrival arrival)
    {
        lock (gate)
        {
            if (arrival.Entity is not null && newest.GetValueOrDefault(arrival.Entity) == arrival.Done.Task) newest.Remove(arrival.Entity);
        }

        arrival.Done.SetResult();
    }

    /// <summary>What one consumer was sent: the number whose turn it is, and what was handed over before its turn.</summary>
    private sealed class Line(string consumer)
    {
        public string Consumer => consumer;

        public ulong Next { get; set; } = 1;

        public Dictionary<ulong, Arrival> Early { get; } = [];
    }

    private sealed class Arrival(string? entity)
    {
        public string? Entity => entity;

        /// <summary>Set at its turn, to the end of the event of the same entity before it.</summary>
        public TaskCompletionSource<Task> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
