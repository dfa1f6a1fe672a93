using System.Buffers;
using System.IO.Pipelines;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>
/// One live connection. Callers write their commands into a pipe under a short lock; one loop sends whatever has gathered there in one write,
/// another reads the replies, which come in the order of the commands. Once broken it stays broken: everything that waits fails at once.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly RedisStream stream;
    private readonly RedisClientOptions options;
    private readonly TimeProvider clock;
    private readonly Lock gate = new(); // guards outgoing.Writer, waiting, pendingCommands and broken
    private readonly Pipe outgoing = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));
    private readonly Queue<RedisRequest> waiting = new();
    private readonly TaskCompletionSource<RedisUnavailableException> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer watchdog;
    private readonly Task loops;
    private RedisUnavailableException? broken;
    private int pendingCommands;
    private long unsentBytes;

    public RedisConnection(RedisStream stream, RedisClientOptions options, TimeProvider clock)
    {
        this.stream = stream;
        this.options = options;
        this.clock = clock;
        var period = TimeSpan.FromMilliseconds(Math.Clamp(options.CommandTimeout.TotalMilliseconds / 10, 10, 250));
        watchdog = clock.CreateTimer(static state => ((RedisConnection)state!).CheckTimeouts(), this, period, period);
        loops = Task.WhenAll(Task.Run(SendAsync), Task.Run(ReceiveAsync));
    }

    /// <summary>Ends when the connection is broken, with the reason.</summary>
    public Task<RedisUnavailableException> Ended => ended.Task;

    /// <summary>Sends one command. The arguments have been copied when this returns.</summary>
    public RedisRequest Send(ReadOnlySpan<byte> name, ReadOnlySpan<RedisArgument> arguments)
    {
        lock (gate)
        {
            var request = Enqueue(1);
            RespWriter.WriteCommand(outgoing.Writer, name, arguments);
            Flush();
            return request;
        }
    }

    /// <summary>Sends commands that are already written. They have been copied when this returns.</summary>
    public RedisRequest Send(RedisBatch batch)
    {
        lock (gate)
        {
            var request = Enqueue(batch.Count);
            outgoing.Writer.Write(batch.WrittenBytes);
            Flush();
            return request;
        }
    }

    private RedisRequest Enqueue(int commands)
    {
        if (broken is not null)
            throw new RedisUnavailableException(broken.Message, broken);
        if (pendingCommands >= options.MaximumPendingCommands || Volatile.Read(ref unsentBytes) >= options.MaximumUnsentBytes)
            throw new RedisUnavailableException("Too many Redis commands are waiting already.");
        var request = new RedisRequest(commands, clock.GetTimestamp());
        waiting.Enqueue(request);
        pendingCommands += commands;
        return request;
    }

    private void Flush()
    {
        Interlocked.Add(ref unsentBytes, outgoing.Writer.UnflushedBytes);
        var flush = outgoing.Writer.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
            throw new InvalidOperationException("The pipe must never hold its writers back: the limits on what is pending do.");
        _ = flush.Result;
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var read = await outgoing.Reader.ReadAsync();
                foreach (var segment in read.Buffer)
                    await stream.Output.WriteAsync(segment);
                Interlocked.Add(ref unsentBytes, -read.Buffer.Length);
                outgoing.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Break("The connection to Redis was lost while sending.", error);
        }
        finally
        {
            await outgoing.Reader.CompleteAsync();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var read = await stream.Input.ReadAsync();
                var buffer = read.Buffer;
                Dispatch(ref buffer);
                stream.Input.AdvanceTo(buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }

            Break("The connection to Redis was closed by the server.", null);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidDataException)
        {
            Break("The connection to Redis was lost.", error);
        }
        finally
        {
            await stream.Input.CompleteAsync();
        }
    }

    private void Dispatch(ref ReadOnlySequence<byte> buffer)
    {
        RedisRequest? current = null;
        while (stream.Parser.TryRead(ref buffer, out var reply))
        {
            if (current is null)
            {
                lock (gate)
                {
                    if (!waiting.TryPeek(out current))
                        throw new InvalidDataException("Redis answered without having been asked.");
                }
            }

            if (!current.Add(reply))
                continue;
            lock (gate)
            {
                if (waiting.TryDequeue(out _)) // nothing is left when the connection broke in between
                    pendingCommands -= current.ReplyCount;
            }

            current.Complete();
            current = null;
        }
    }

    /// <summary>
    /// Fails what has waited too long; those requests keep their place in the queue. The waiting requests are in the order in which they
    /// were sent, so the look ends at the first one that still has time.
    /// </summary>
    private void CheckTimeouts()
    {
        var dead = false;
        lock (gate)
        {
            foreach (var request in waiting)
            {
                var waited = clock.GetElapsedTime(request.SentAt);
                if (waited < options.CommandTimeout)
                    break;
                request.TrySetException(new RedisUnavailableException($"Redis did not answer within {options.CommandTimeout.TotalMilliseconds:0} ms."));
                dead |= waited > 2 * options.CommandTimeout;
            }
        }

        if (dead)
            Break("Redis has not answered for too long: the connection was given up.", null);
    }

    private void Break(string reason, Exception? error)
    {
        lock (gate)
        {
            if (broken is not null)
                return;
            broken = new RedisUnavailableException(reason, error);
            while (waiting.TryDequeue(out var request))
                request.TrySetException(new RedisUnavailableException(reason, error));
            outgoing.Writer.Complete();
        }

        stream.Output.Dispose(); // ends both loops
        watchdog.Dispose();
        ended.TrySetResult(broken);
    }

    public async ValueTask DisposeAsync()
    {
        Break("The Redis client was disposed.", null);
        await watchdog.DisposeAsync();
        await loops;
        await stream.DisposeAsync();
    }
}
