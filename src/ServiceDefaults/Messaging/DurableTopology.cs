using PackRelay.Contracts;
using RabbitMQ.Client;

namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>
/// Declares every durable queue and binds it to its events, exactly as MassTransit does when the consumer starts. A publisher runs this
/// before its first event, so that an event published before its consumer ever started waits in the queue instead of being dropped.
/// </summary>
internal sealed class DurableTopology(MessagingSettings settings, MassTransit.IBus bus)
{
    private static readonly Dictionary<string, object?> QuorumQueue = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };

    private static readonly Dictionary<string, object?> QuorumQueueInOrder = new(QuorumQueue, StringComparer.Ordinal) { ["x-single-active-consumer"] = true };

    public async Task DeclareAsync(CancellationToken stop)
    {
        var factory = new ConnectionFactory { Uri = settings.Uri, ClientProvidedName = "packrelay-topology" };
        await using var connection = await factory.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        foreach (var subscription in Subscriptions.All)
        {
            await channel.ExchangeDeclareAsync(subscription.Queue, ExchangeType.Fanout, durable: true, cancellationToken: stop);
            var arguments = subscription.InOrder ? QuorumQueueInOrder : QuorumQueue;
            await channel.QueueDeclareAsync(subscription.Queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: stop);
            await channel.QueueBindAsync(subscription.Queue, subscription.Queue, routingKey: "", cancellationToken: stop);
            foreach (var hubEvent in subscription.Events)
            {
                var exchange = ExchangeOf(hubEvent);
                await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: stop);
                await channel.ExchangeBindAsync(subscription.Queue, exchange, routingKey: "", cancellationToken: stop);
            }
        }
    }

    private string ExchangeOf(Type hubEvent) =>
        bus.Topology.TryGetPublishAddress(typeof(EventBatch<>).MakeGenericType(hubEvent), out var address)
            ? address.AbsolutePath.Split('/')[^1]
            : throw new InvalidOperationException($"{hubEvent.Name} has no publish address.");
}
