using Microsoft.Extensions.Logging;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>Keeps a connection for commands: makes it at first use, replaces it when it breaks.</summary>
internal sealed partial class RedisLink(RedisClientOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>
    /// How long a call waits for a reconnection under way: a connection that was merely closed is back in a few milliseconds, and a
    /// server that is gone must not hold its callers up.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly RedisDialer dialer = new(options, clock);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private volatile State state = new(null, null, null);
    private Task? running;
    private bool connectedOnce;

    /// <summary>The open connection, if there is one.</summary>
    public RedisConnection? Current => state.Connection;

    /// <summary>The open connection, or the one that the attempt under way makes.</summary>
    public async ValueTask<RedisConnection> WaitAsync(CancellationToken stop)
    {
        if (stopping.IsCancellationRequested)
            throw new RedisUnavailableException("The Redis client was disposed.");
        EnsureRunning();
        var seen = state;
        if (seen.Attempt is { } attempt)
        {
            var patience = Volatile.Read(ref connectedOnce) ? Grace : options.CommandTimeout;
            try
            {
                await attempt.Task.WaitAsync(patience, clock, stop);
            }
            catch (TimeoutException)
            {
                throw new RedisUnavailableException("Redis is not connected; an attempt is under way.", seen.Error);
            }

            seen = state;
        }

        return seen.Connection ?? throw new RedisUnavailableException(seen.Error?.Message ?? "Redis is not connected.", seen.Error);
    }

    private void EnsureRunning()
    {
        lock (gate)
        {
            if (running is not null)
                return;
            state = new State(null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            running = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            var attempt = state.Attempt;
            try
            {
                var stream = await dialer.OpenAsync(stopping.Token);
                await using var connection = new RedisConnection(stream, options, clock);
                failures = 0;
                Volatile.Write(ref connectedOnce, true);
                state = new State(connection, null, null);
                attempt?.TrySetResult();
                Connected();
                var reason = await connection.Ended.WaitAsync(stopping.Token);
                state = new State(null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), reason);
                Lost(reason);
            }
            catch (RedisUnavailableException error)
            {
                state = new State(null, null, error);
                attempt?.TrySetResult();
                if (failures++ == 0)
                    Unreachable(error); // once per outage, not once per attempt
                await Backoff.PauseAsync(options, failures, clock, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                state = new State(null, null, new RedisUnavailableException("The Redis client was disposed."));
                attempt?.TrySetResult();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (running is not null)
            await running;
        stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Redis")]
    private partial void Connected();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the connection to Redis")]
    private partial void Lost(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis cannot be reached; trying again until it can")]
    private partial void Unreachable(Exception error);

    /// <summary>Exactly one of: open, an attempt that callers may wait for, failed for now.</summary>
    private sealed record State(RedisConnection? Connection, TaskCompletionSource? Attempt, RedisUnavailableException? Error);
}
