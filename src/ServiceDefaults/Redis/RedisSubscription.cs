using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>What a subscription tells its reader.</summary>
/// <param name="IsSubscribed">
/// True for a notice without payload: from here on messages arrive. It comes first, and again after every gap (connection lost and made again, or
/// a reader too slow): messages may have been missed before it, so whoever keeps a cache by these messages empties it.
/// </param>
/// <param name="Payload">The message as published; empty for a notice.</param>
public readonly record struct RedisMessage(bool IsSubscribed, ReadOnlyMemory<byte> Payload);

/// <summary>A reader of one channel. Disposing it ends the subscription.</summary>
public sealed class RedisSubscription : IAsyncDisposable
{
    private const int Capacity = 4_096; // beyond it the reader is told of a gap: memory stays bounded

    private readonly RedisSubscriber owner;
    private readonly Channel<RedisMessage> messages;
    private int gap;

    internal RedisSubscription(RedisSubscriber owner, string channel)
    {
        this.owner = owner;
        Channel = channel;
        messages = System.Threading.Channels.Channel.CreateBounded<RedisMessage>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Volatile.Write(ref gap, 1));
    }

    /// <summary>The channel's name.</summary>
    public string Channel { get; }

    /// <summary>Messages as they arrive, until the subscription or its client is disposed. One reader at a time.</summary>
    public async IAsyncEnumerable<RedisMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var message in messages.Reader.ReadAllAsync(stop))
        {
            if (Interlocked.Exchange(ref gap, 0) == 1)
                yield return new RedisMessage(true, default);
            yield return message;
        }
    }

    /// <summary>Ends the subscription; the reader's loop ends after what has arrived.</summary>
    public ValueTask DisposeAsync() => owner.UnsubscribeAsync(this);

    internal void Deliver(RedisMessage message) => messages.Writer.TryWrite(message);

    internal void End() => messages.Writer.TryComplete();
}
