using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>
/// The process' connection to Redis; safe for use by any number of threads at once. It connects at first use, and again by itself with
/// growing pauses whenever the connection is lost. Meanwhile every call fails at once with <see cref="RedisUnavailableException"/>.
/// </summary>
/// <remarks>
/// Commands share one connection: blocking ones (BLPOP, WAIT), SELECT and a MULTI without its EXEC in the same batch must not be sent through it.
/// </remarks>
public sealed class RedisClient : IAsyncDisposable
{
    /// <summary>Name of the activity source: one client span per call or batch.</summary>
    public const string ActivitySourceName = "PackRelay.Redis";

    private static readonly ActivitySource Activities = new(ActivitySourceName);

    private readonly bool tracing;
    private readonly RedisLink link;
    private readonly RedisSubscriber subscriber;

    /// <summary>Makes a client; nothing is sent before its first use.</summary>
    /// <param name="options">Where Redis is, and the time-outs; not changed any more afterwards.</param>
    /// <param name="logger">Told when the connection is lost and made; null for none.</param>
    /// <param name="clock">Measures time-outs and pauses; null for the system's. A stepped clock would never let a time-out happen.</param>
    public RedisClient(RedisClientOptions options, ILogger<RedisClient>? logger = null, TimeProvider? clock = null)
    {
        logger ??= NullLogger<RedisClient>.Instance;
        clock ??= TimeProvider.System;
        tracing = options.Tracing;
        link = new RedisLink(options, clock, logger);
        subscriber = new RedisSubscriber(options, clock, logger);
    }

    /// <summary>True while a connection is open.</summary>
    public bool IsConnected => link.Current is not null;

    /// <summary>True while the connection for subscriptions is open.</summary>
    public bool IsListening => subscriber.IsConnected;

    /// <summary>Connects now instead of at first use.</summary>
    /// <exception cref="RedisUnavailableException">It did not succeed; the client keeps trying.</exception>
    public async Task ConnectAsync(CancellationToken stop = default) => await link.WaitAsync(stop);

    /// <summary>Runs one command.</summary>
    /// <param name="command">Its name as UTF-8, such as <c>"HSET"u8</c>.</param>
    /// <param name="arguments">What follows the name.</param>
    /// <param name="stop">Ends the wait; the command may still be carried out.</param>
    /// <exception cref="RedisUnavailableException">No connection, or no answer in time.</exception>
    /// <exception cref="RedisServerException">The server refused the command.</exception>
    public Task<RedisReply> ExecuteAsync(ReadOnlySpan<byte> command, ReadOnlySpan<RedisArgument> arguments, CancellationToken stop = default)
    {
        if (link.Current is not { } connection || (tracing && Activities.HasListeners()))
        {
            var batch = new RedisBatch();
            batch.Add(command, arguments);
            return ExecuteOneAsync(batch, System.Text.Encoding.UTF8.GetString(command), stop);
        }

        try
        {
            return FirstAsync(connection.Send(command, arguments), stop);
        }
        catch (RedisUnavailableException error)
        {
            return Task.FromException<RedisReply>(error);
        }
    }

    /// <summary>Runs a script, by its digest, or with its text when the server does not know it yet.</summary>
    /// <inheritdoc cref="ExecuteAsync(ReadOnlySpan{byte}, ReadOnlySpan{RedisArgument}, CancellationToken)"/>
    public Task<RedisReply> ExecuteAsync(RedisScript script, ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments, CancellationToken stop = default)
    {
        var batch = new RedisBatch();
        batch.Add(script, keys, arguments);
        return ExecuteOneAsync(batch, "EVALSHA", stop);
    }

    /// <summary>Sends all commands of a batch in one write and waits for all their replies.</summary>
    /// <returns>One reply per command in their order. A refused command is an error reply, which throws when it is read.</returns>
    /// <exception cref="RedisUnavailableException">No connection, or not all answers in time.</exception>
    public async Task<RedisReply[]> ExecuteAsync(RedisBatch batch, CancellationToken stop = default)
    {
        using var activity = Start("batch", batch.Count);
        return await ExecuteBatchAsync(batch, stop);
    }

    /// <summary>
    /// Listens to a channel, on a connection that all subscriptions of this client share. Never fails: while Redis cannot be reached it is tried
    /// again, and each time the server has confirmed the subscription the reader is told (<see cref="RedisMessage.IsSubscribed"/>).
    /// </summary>
    public RedisSubscription Subscribe(string channel) => subscriber.Subscribe(channel);

    /// <summary>Closes the connections; what still waits fails with <see cref="RedisUnavailableException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await subscriber.DisposeAsync();
        await link.DisposeAsync();
    }

    private async Task<RedisReply> ExecuteOneAsync(RedisBatch batch, string name, CancellationToken stop)
    {
        using var activity = Start(name, 1);
        var reply = (await ExecuteBatchAsync(batch, stop))[0];
        reply.ThrowIfError();
        return reply;
    }

    private async Task<RedisReply[]> ExecuteBatchAsync(RedisBatch batch, CancellationToken stop)
    {
        if (batch.Count == 0)
            return [];
        var connection = link.Current ?? await link.WaitAsync(stop);
        var replies = await WaitAsync(connection.Send(batch), stop);
        if (batch.WithoutKnownScripts(replies, out var indexes) is { } again)
        {
            var late = await WaitAsync(connection.Send(again), stop);
            for (var i = 0; i < late.Length; i++)
                replies[indexes[i]] = late[i];
        }

        return replies;
    }

    private static async Task<RedisReply> FirstAsync(RedisRequest request, CancellationToken stop)
    {
        var reply = (await WaitAsync(request, stop))[0];
        reply.ThrowIfError();
        return reply;
    }

    private static async Task<RedisReply[]> WaitAsync(RedisRequest request, CancellationToken stop)
    {
        using var registration = stop.UnsafeRegister(static (state, token) => ((RedisRequest)state!).TrySetCanceled(token), request);
        return await request.Task;
    }

    private Activity? Start(string operation, int commands)
    {
        var activity = tracing ? Activities.StartActivity(operation, ActivityKind.Client) : null;
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("db.system.name", "redis");
            activity.SetTag("db.operation.name", operation);
            if (commands > 1)
                activity.SetTag("db.operation.batch.size", commands);
        }

        return activity;
    }
}
