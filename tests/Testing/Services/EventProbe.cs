using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using PackRelay.Contracts;
using PackRelay.Testing.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PackRelay.Testing.Services;

/// <summary>A queue of the test's own that gets a copy of every event of one type.</summary>
public sealed class EventProbe<TEvent> : IAsyncDisposable
    where TEvent : class, IHubEvent
{
    private readonly ConcurrentQueue<TEvent> received = new();
    private readonly IConnection connection;

    private EventProbe(IConnection connection) => this.connection = connection;

    /// <summary>What has arrived so far, duplicates included.</summary>
    public IReadOnlyList<TEvent> Received => [.. received];

    /// <summary>The first event that fits, which may have arrived already; the test fails when it does not come in time.</summary>
    public Task<TEvent> FirstAsync(Func<TEvent, bool> fits, TimeSpan? timeout = null) => Wait.ForAsync(
        () => Task.FromResult(received.FirstOrDefault(fits)), $"a {typeof(TEvent).Name} that fits is published", timeout);

    /// <summary>Starts listening on a broker.</summary>
    public static async Task<EventProbe<TEvent>> StartAsync(TestBroker broker, IBus bus)
    {
        if (!bus.Topology.TryGetPublishAddress<EventBatch<TEvent>>(out var address))
            throw new InvalidOperationException($"{typeof(TEvent).Name} has no publish address.");
        var exchange = address.AbsolutePath.Split('/')[^1];
        var probe = new EventProbe<TEvent>(await broker.ConnectAsync());
        var channel = await probe.connection.CreateChannelAsync(); // ends with its connection
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        var queue = await channel.QueueDeclareAsync(); // the broker names it and removes it with the connection
        await channel.QueueBindAsync(queue.QueueName, exchange, routingKey: "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            using var envelope = JsonDocument.Parse(delivery.Body);
            var batch = envelope.RootElement.GetProperty("message").Deserialize<EventBatch<TEvent>>(SystemTextJsonMessageSerializer.Options)!;
            foreach (var sent in batch.Events) probe.received.Enqueue(sent.Event);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return probe;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await connection.DisposeAsync();
}
