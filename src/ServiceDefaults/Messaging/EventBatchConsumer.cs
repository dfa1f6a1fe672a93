using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MassTransit;
using Microsoft.Extensions.Logging;
using PackRelay.Contracts;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>
/// Hands the events of a batch to their consumer: those of one entity one after the other, behind those of earlier batches, and different entities at the
/// same time. An event that fails is tried again and holds up its entity meanwhile; then it is put aside alone, and the others of its batch are done.
/// </summary>
internal sealed partial class EventBatchConsumer<TConsumer, TEvent>(TConsumer consumer, ILogger<TConsumer> logger) : IConsumer<EventBatch<TEvent>>
    where TConsumer : class, IEventConsumer<TEvent>
    where TEvent : class, IHubEvent
{
    /// <summary>Set on an event that failed as often as it may: it comes once more and alone, so that the transport puts aside nothing else with it.</summary>
    private const string FailedHeader = "PackRelay-Failed";

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    private static readonly ActivitySource Activities = new("PackRelay.Events");

    public async Task Consume(ConsumeContext<EventBatch<TEvent>> context)
    {
        var isLastTry = context.Headers.Get<bool>(FailedHeader) ?? false;
        var entities = context.Message.Events.GroupBy(sent => sent.Entity ?? $"{sent.Event.EventId}", StringComparer.Ordinal).ToDictionary(group => group.Key, StringComparer.Ordinal);
        var place = context.ReceiveContext.TryGetPayload<EntityPlace>(out var taken) ? taken : null;
        var before = place is null ? null : await place.TakeAsync(entities.Keys);
        var failed = await Task.WhenAll(entities.Select(entity => ConsumeAsync(entity.Key, entity.Value)));
        foreach (var failure in failed.SelectMany(failures => failures)) await GiveUpAsync(context, failure);

        async Task<List<Failure>> ConsumeAsync(string entity, IEnumerable<SentEvent<TEvent>> events)
        {
            var failures = new List<Failure>();
            if (before is not null) await before[entity];
            foreach (var sent in events)
            {
                if (await TryAsync(sent, place, isLastTry ? [] : Pauses, context.CancellationToken) is { } error) failures.Add(new Failure(sent, error));
            }

            place?.Finish(entity);
            return failures;
        }
    }

    private async Task<ExceptionDispatchInfo?> TryAsync(SentEvent<TEvent> sent, EntityPlace? place, TimeSpan[] pauses, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var activity = Activities.StartActivity($"consume {typeof(TEvent).Name}", ActivityKind.Consumer, sent.TraceParent);
                await (place is null ? consumer.ConsumeAsync(sent.Event, stop) : place.RunAsync(() => consumer.ConsumeAsync(sent.Event, stop), stop));
                return null;
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                if (attempt == pauses.Length) return ExceptionDispatchInfo.Capture(error);
                EventFailed(error, typeof(TEvent).Name, sent.Event.EventId, pauses[attempt]);
            }

            await Task.Delay(pauses[attempt], TimeProvider.System, stop); // the machine's clock: this is about a database that comes back, not about the time of day
        }
    }

    private static async Task GiveUpAsync(ConsumeContext<EventBatch<TEvent>> context, Failure failure)
    {
        if (context.Message.Events.Count == 1) failure.Error.Throw(); // the transport moves it to the error queue, with what happened, and counts it
        var own = await context.GetSendEndpoint(context.ReceiveContext.InputAddress);
        await own.Send(new EventBatch<TEvent>([failure.Sent]), again => again.Headers.Set(FailedHeader, true), context.CancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Event} {EventId} failed and is tried again in {Pause}")]
    private partial void EventFailed(Exception error, string @event, Guid eventId, TimeSpan pause);

    private sealed record Failure(SentEvent<TEvent> Sent, ExceptionDispatchInfo Error);
}
