namespace PackRelay.LocalHosting.Running;

/// <summary>Starts one process, watches its health, and starts it again on the same address when it ends. When stopped, it stops the process.</summary>
/// <remarks><paramref name="start"/> returns when the process runs; <paramref name="check"/> answers null when it is healthy and else what is wrong.</remarks>
internal sealed class Supervisor(
    string name, Func<CancellationToken, Task<RunningProcess>> start, Func<CancellationToken, Task<string?>>? check,
    ResourceBoard board, ConsoleLog log, Action<string> say, TimeProvider clock)
{
    private readonly RestartBackoff backoff = new();

    public async Task RunAsync(CancellationToken stop)
    {
        for (var first = true; !stop.IsCancellationRequested; first = false)
        {
            var delay = await RunOnceAsync(first, stop);
            if (!stop.IsCancellationRequested)
                await Task.Delay(delay, clock, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        board.Update(name, status => status with { State = ResourceState.Exited, ProcessId = null, Healthy = null });
    }

    private async Task<TimeSpan> RunOnceAsync(bool first, CancellationToken stop)
    {
        board.Update(name, status => status with { State = ResourceState.Starting, Healthy = null, ProcessId = null, Restarts = first ? 0 : status.Restarts + 1 });
        say(first ? $"starting {name} ..." : $"starting {name} again ...");
        var began = clock.GetTimestamp();
        RunningProcess process;
        try
        {
            process = await start(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception error)
        {
            // Whatever kept it from starting may pass: a port in use, a full disk. It is shown, and tried again.
            log.Write(error.Message);
            say($"{name} did not start: {error.Message}");
            board.Update(name, status => status with { State = ResourceState.FailedToStart, Problem = error.Message });
            return backoff.After(TimeSpan.Zero);
        }

        try
        {
            board.Update(name, status => status with { State = ResourceState.Running, ProcessId = process.ProcessId, StartedAt = clock.GetUtcNow(), Problem = null });
            await WatchAsync(process, began, stop);
        }
        finally
        {
            if (stop.IsCancellationRequested)
                board.Update(name, status => status with { State = ResourceState.Stopping });
            var stopBegan = clock.GetTimestamp();
            await process.StopAsync();
            if (stop.IsCancellationRequested)
                say(Invariant($"{name} is stopped after {clock.GetElapsedTime(stopBegan).TotalSeconds:0.0} s"));
        }

        if (stop.IsCancellationRequested)
            return TimeSpan.Zero;
        var exitCode = await process.Exited;
        var ended = Invariant($"{name} ended with exit code {exitCode}");
        log.Write(ended);
        say(ended);
        board.Update(name, status => status with { State = ResourceState.Exited, Healthy = null, ProcessId = null, Problem = ended });
        return backoff.After(clock.GetElapsedTime(began));
    }

    private async Task WatchAsync(RunningProcess process, long began, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var health = HealthLoop.RunAsync(name, check, board, clock, () => say(Invariant($"{name} is ready after {clock.GetElapsedTime(began).TotalSeconds:0.0} s")), ended.Token);
        await Task.WhenAny(process.Exited, health);
        await ended.CancelAsync();
        await health;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
