using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Events;

/// <summary>Turns the events of servers into deliveries.</summary>
internal sealed class ServerEventsConsumer(DeliveryEnqueuer deliveries)
    : IEventConsumer<ServerChanged>, IEventConsumer<ServerRemoved>, IEventConsumer<ServerWentOnline>, IEventConsumer<ServerWentOffline>
{
    public Task ConsumeAsync(ServerChanged changed, CancellationToken cancellationToken) => deliveries.EnqueueAsync(ServerNotices.Of(changed), cancellationToken);

    public Task ConsumeAsync(ServerRemoved removed, CancellationToken cancellationToken) => deliveries.EnqueueAsync(ServerNotices.Of(removed), cancellationToken);

    public Task ConsumeAsync(ServerWentOnline transition, CancellationToken cancellationToken) => deliveries.EnqueueAsync(ServerNotices.Of(transition), cancellationToken);

    public Task ConsumeAsync(ServerWentOffline transition, CancellationToken cancellationToken) => deliveries.EnqueueAsync(ServerNotices.Of(transition), cancellationToken);
}
