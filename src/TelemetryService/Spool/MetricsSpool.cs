using PackRelay.ServiceDefaults.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PackRelay.TelemetryService.Spool;

/// <summary>
/// The durable queue <c>metrics-spool</c>: batches of line protocol that InfluxDB did not take. Raw AMQP instead of the bus, because these
/// are bytes for ourselves and not events, and because the replay takes them one by one at its own pace.
/// </summary>
internal sealed class MetricsSpool(MessagingSettings messaging) : IAsyncDisposable
{
    public const string QueueName = "metrics-spool";

    public const string ErrorQueueName = "metrics-spool_error";

    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1); // a broker that hangs says no goodbye, and beats wait for this

    private static readonly Dictionary<string, object?> QuorumQueue = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };

    private readonly SemaphoreSlim gate = new(1);

    private IConnection? connection;

    private IChannel? publisher;

    /// <summary>Appends a batch. True when the broker has confirmed that it holds it; false when the broker is away.</summary>
    public async Task<bool> TryAppendAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ConfirmTimeout);
        try
        {
            await gate.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            if (publisher is not { IsOpen: true }) publisher = await OpenUnderGateAsync(limit.Token);
            await PublishAsync(publisher, QueueName, lines, limit.Token);
            return true;
        }
        catch (Exception error) when (IsOutage(error) || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await CloseAsync(); // the next batch connects anew
            return false;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A channel of its own, on the shared connection, with the queues declared and confirms on.</summary>
    /// <exception cref="BrokerUnreachableException">The broker is away.</exception>
    public async Task<IChannel> OpenChannelAsync(CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            return await OpenUnderGateAsync(stop);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Publishes and waits for the broker's confirm; an unroutable or refused message is an exception.</summary>
    public static async Task PublishAsync(IChannel channel, string queue, ReadOnlyMemory<byte> lines, CancellationToken stop) =>
        await channel.BasicPublishAsync(exchange: "", queue, mandatory: true, new BasicProperties { Persistent = true, ContentType = "text/plain" }, lines, stop);

    /// <summary>Whether the broker, and not our code, is to blame.</summary>
    public static bool IsOutage(Exception error) => error is RabbitMQClientException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        gate.Dispose();
    }

    private async Task<IChannel> OpenUnderGateAsync(CancellationToken stop)
    {
        if (connection is not { IsOpen: true })
        {
            var factory = new ConnectionFactory { Uri = messaging.Uri, ClientProvidedName = "packrelay-metrics-spool", AutomaticRecoveryEnabled = false };
            connection = await factory.CreateConnectionAsync(stop);
        }

        var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stop);
        await channel.QueueDeclareAsync(QueueName, durable: true, exclusive: false, autoDelete: false, QuorumQueue, cancellationToken: stop);
        await channel.QueueDeclareAsync(ErrorQueueName, durable: true, exclusive: false, autoDelete: false, QuorumQueue, cancellationToken: stop);
        return channel;
    }

    private async Task CloseAsync()
    {
        publisher = null; // closed with its connection
        if (Interlocked.Exchange(ref connection, null) is not { } closing) return;
        try
        {
            await closing.AbortAsync(Constants.ReplySuccess, "closed after a failure", FarewellTimeout);
            await closing.DisposeAsync();
        }
        catch (Exception error) when (IsOutage(error) || error is OperationCanceledException)
        {
            // It was broken already; that is why it is closed.
        }
    }
}
