using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Events;

/// <summary>Turns the events of packs into deliveries.</summary>
internal sealed class PackEventsConsumer(PackNotices notices, DeliveryEnqueuer deliveries)
    : IEventConsumer<PackChanged>, IEventConsumer<PackRemoved>, IEventConsumer<PackVersionPublished>, IEventConsumer<PackVersionWithdrawn>
{
    public Task ConsumeAsync(PackChanged changed, CancellationToken cancellationToken) => deliveries.EnqueueAsync(PackNotices.Of(changed), cancellationToken);

    public Task ConsumeAsync(PackRemoved removed, CancellationToken cancellationToken) => deliveries.EnqueueAsync(PackNotices.Of(removed), cancellationToken);

    public Task ConsumeAsync(PackVersionPublished published, CancellationToken cancellationToken) => deliveries.EnqueueAsync(notices.Of(published), cancellationToken);

    public Task ConsumeAsync(PackVersionWithdrawn withdrawn, CancellationToken cancellationToken) =>
        PackNotices.Of(withdrawn) is { } notice ? deliveries.EnqueueAsync(notice, cancellationToken) : Task.CompletedTask;
}
