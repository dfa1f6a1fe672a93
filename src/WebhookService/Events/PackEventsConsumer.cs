using MassTransit;
using PackRelay.Contracts;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Events;

/// <summary>Turns the events of packs into deliveries.</summary>
internal sealed class PackEventsConsumer(PackNotices notices, DeliveryEnqueuer deliveries)
    : IConsumer<PackChanged>, IConsumer<PackRemoved>, IConsumer<PackVersionPublished>, IConsumer<PackVersionWithdrawn>
{
    public Task Consume(ConsumeContext<PackChanged> context) => deliveries.EnqueueAsync(PackNotices.Of(context.Message), context.CancellationToken);

    public Task Consume(ConsumeContext<PackRemoved> context) => deliveries.EnqueueAsync(PackNotices.Of(context.Message), context.CancellationToken);

    public Task Consume(ConsumeContext<PackVersionPublished> context) => deliveries.EnqueueAsync(notices.Of(context.Message), context.CancellationToken);

    public Task Consume(ConsumeContext<PackVersionWithdrawn> context) =>
        PackNotices.Of(context.Message) is { } notice ? deliveries.EnqueueAsync(notice, context.CancellationToken) : Task.CompletedTask;
}
