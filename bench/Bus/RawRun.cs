using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PackRelay.Bus;

/// <summary>What the broker does for a client that does nothing else: one message for each event, persistent, confirmed, acknowledged one by one.</summary>
/// <param name="broker">AMQP address.</param>
/// <param name="messages">How many.</param>
/// <param name="bytes">Size of each body.</param>
/// <param name="window">Messages that may be unconfirmed, and unacknowledged, at a time.</param>
internal sealed class RawRun(Uri broker, int messages, int bytes, int window)
{
    private const string Queue = "bench-raw";

    private static readonly Dictionary<string, object?> QuorumQueue = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };

    /// <summary>Time from the first message that is sent to the last that is acknowledged by its consumer.</summary>
    public async Task<TimeSpan> RunAsync(CancellationToken stop)
    {
        var factory = new ConnectionFactory { Uri = broker, ConsumerDispatchConcurrency = 1 };
        await using var sending = await factory.CreateConnectionAsync(stop);
        await using var receiving = await factory.CreateConnectionAsync(stop);
        await using var producer = await sending.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stop);
        await using var consumer = await receiving.CreateChannelAsync(cancellationToken: stop);
        await producer.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, QuorumQueue, cancellationToken: stop);
        await producer.QueuePurgeAsync(Queue, stop);

        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = 0;
        await consumer.BasicQosAsync(0, (ushort)window, global: false, stop);
        var events = new AsyncEventingBasicConsumer(consumer);
        events.ReceivedAsync += async (_, delivery) =>
        {
            await consumer.BasicAckAsync(delivery.DeliveryTag, multiple: false, stop);
            if (++received == messages) all.SetResult();
        };
        await consumer.BasicConsumeAsync(Queue, autoAck: false, events, stop);

        var body = new byte[bytes];
        var properties = new BasicProperties { Persistent = true };
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, messages, new ParallelOptions { MaxDegreeOfParallelism = window, CancellationToken = stop }, async (_, cancel) =>
            await producer.BasicPublishAsync("", Queue, mandatory: true, properties, body, cancel));
        await all.Task.WaitAsync(TimeSpan.FromMinutes(2), stop);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await producer.QueueDeleteAsync(Queue, cancellationToken: stop);
        return elapsed;
    }
}
