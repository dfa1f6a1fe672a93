using MassTransit;
using PackRelay.Contracts;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Events;

/// <summary>Turns the events of servers into deliveries.</summary>
internal sealed class ServerEventsConsumer(DeliveryEnqueuer deliveries)
    : IConsumer<ServerChanged>, IConsumer<ServerRemoved>, IConsumer<ServerWentOnline>, IConsumer<ServerWentOffline>
{
    public Task Consume(ConsumeContext<ServerChanged> context) => deliveries.EnqueueAsync(ServerNotices.Of(context.Message), context.CancellationToken);

    public Task Consume(ConsumeContext<ServerRemoved> context) => deliveries.EnqueueAsync(ServerNotices.Of(context.Message), context.CancellationToken);

    public Task Consume(ConsumeContext<ServerWentOnline> context) => deliveries.EnqueueAsync(ServerNotices.Of(context.Message), context.CancellationToken);

    public Task Consume(ConsumeContext<ServerWentOffline> context) => deliveries.EnqueueAsync(ServerNotices.Of(context.Message), context.CancellationToken);
}
