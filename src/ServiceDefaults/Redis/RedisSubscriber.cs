using Microsoft.Extensions.Logging;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>All subscriptions of a client over one connection of their own, made at the first of them and kept up until the client is disposed.</summary>
internal sealed partial class RedisSubscriber(RedisClientOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan MaximumProbeInterval = TimeSpan.FromSeconds(5);

    private readonly RedisDialer dialer = new(options, clock);
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim writing = new(1, 1); // one writer at a time; also orders a subscription against a reconnection
    private readonly Lock gate = new(); // guards subscriptions and running
    private readonly Dictionary<string, List<RedisSubscription>> subscriptions = new(StringComparer.Ordinal);
    private volatile RedisStream? stream;
    private long lastHeard;
    private Task? running;

    public bool IsConnected => stream is not null;

    public RedisSubscription Subscribe(string channel)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        var subscription = new RedisSubscription(this, channel);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, typeof(RedisClient));
            if (!subscriptions.TryGetValue(channel, out var list))
                subscriptions[channel] = list = [];
            list.Add(subscription);
            if (running is null)
            {
                running = Task.Run(RunAsync); // subscribes to what is listed once it has its connection; a second time would be a second notice
                return subscription;
            }
        }

        // Also when others listen to the channel already: the server confirms again, and that is the newcomer's notice.
        _ = SynchroniseAsync(channel);
        return subscription;
    }

    public async ValueTask UnsubscribeAsync(RedisSubscription subscription)
    {
        var last = false;
        lock (gate)
        {
            if (subscriptions.TryGetValue(subscription.Channel, out var list) && list.Remove(subscription) && list.Count == 0)
            {
                subscriptions.Remove(subscription.Channel);
                last = true;
            }
        }

        subscription.End();
        if (last)
            await SynchroniseAsync(subscription.Channel);
    }

    public async ValueTask DisposeAsync()
    {
        Task? loop;
        lock (gate)
        {
            stopping.Cancel();
            loop = running;
            foreach (var subscription in subscriptions.Values.SelectMany(list => list))
                subscription.End();
            subscriptions.Clear();
        }

        if (loop is not null)
            await loop;
        writing.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var opened = await dialer.OpenAsync(stopping.Token);
                failures = 0;
                await AdoptAsync(opened);
                await ReceiveAsync(opened);
            }
            catch (Exception error) when (error is RedisUnavailableException or RedisServerException or IOException or ObjectDisposedException or InvalidDataException)
            {
                if (failures++ == 0 && !stopping.IsCancellationRequested)
                    Interrupted(error);
                stream = null;
                await Backoff.PauseAsync(options, failures, clock, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                stream = null;
            }
        }
    }

    /// <summary>Makes the connection the one in use and subscribes to everything that is asked for by now.</summary>
    private async Task AdoptAsync(RedisStream opened)
    {
        var batch = new RedisBatch();
        await writing.WaitAsync(stopping.Token);
        try
        {
            stream = opened;
            lock (gate)
            {
                foreach (var channel in subscriptions.Keys)
                    batch.Add("SUBSCRIBE"u8, channel);
            }

            if (batch.Count > 0)
                await opened.Output.WriteAsync(batch.WrittenBytes.ToArray(), stopping.Token);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Tells the server what is asked of this channel by now. Nothing to do without a connection: the next one subscribes to everything.</summary>
    private Task SynchroniseAsync(string channel) => SendAsync(batch =>
    {
        lock (gate)
        {
            if (subscriptions.ContainsKey(channel))
                batch.Add("SUBSCRIBE"u8, channel);
            else
                batch.Add("UNSUBSCRIBE"u8, channel);
        }
    });

    private async Task SendAsync(Action<RedisBatch> fill)
    {
        try
        {
            await writing.WaitAsync(stopping.Token);
            try
            {
                if (stream is not { } current)
                    return;
                var batch = new RedisBatch();
                fill(batch);
                await current.Output.WriteAsync(batch.WrittenBytes.ToArray(), stopping.Token);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The receiving loop sees the same and connects again.
        }
    }

    private async Task ReceiveAsync(RedisStream opened)
    {
        using var probing = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        Volatile.Write(ref lastHeard, clock.GetTimestamp());
        var probe = ProbeAsync(opened, probing.Token);
        try
        {
            while (true)
            {
                var read = await opened.Input.ReadAsync(stopping.Token);
                Volatile.Write(ref lastHeard, clock.GetTimestamp());
                var buffer = read.Buffer;
                while (opened.Parser.TryRead(ref buffer, out var reply))
                    Deliver(reply);
                opened.Input.AdvanceTo(buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                    throw new IOException("Redis closed the subscriptions' connection.");
            }
        }
        finally
        {
            await probing.CancelAsync();
            await probe;
        }
    }

    private void Deliver(RedisReply reply)
    {
        reply.ThrowIfError(); // a refused SUBSCRIBE: connect again later, the rights may have changed by then
        if (reply.Kind != RedisReplyKind.Array || reply.Elements() is not [var kind, var channel, var content])
            return; // the answer to a probe
        var message = kind.AsString() switch
        {
            "message" => new RedisMessage(false, content.AsBytes()),
            "subscribe" => new RedisMessage(true, default),
            _ => (RedisMessage?)null,
        };
        if (message is not { } delivered)
            return;
        lock (gate)
        {
            if (subscriptions.TryGetValue(channel.AsString()!, out var list))
                list.ForEach(subscription => subscription.Deliver(delivered));
        }
    }

    /// <summary>A connection may die without a word; a quiet channel would then be taken for a quiet world.</summary>
    private async Task ProbeAsync(RedisStream opened, CancellationToken stop)
    {
        var interval = options.KeepAlive < MaximumProbeInterval ? options.KeepAlive : MaximumProbeInterval;
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (clock.GetElapsedTime(Volatile.Read(ref lastHeard)) > interval + options.CommandTimeout)
                    await opened.DisposeAsync(); // ends the receiving loop
                else
                    await SendAsync(static batch => batch.Add("PING"u8));
            }
        }
        catch (OperationCanceledException)
        {
            // The receiving loop has ended first.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection for Redis subscriptions was lost; connecting again")]
    private partial void Interrupted(Exception error);
}
