namespace PackRelay.LocalHosting.Running;

/// <summary>Looks at one resource's health on schedule until stopped and writes it on the board.</summary>
internal static class HealthLoop
{
    /// <remarks><paramref name="onFirstHealthy"/> is called once, when the resource has become ready.</remarks>
    public static async Task RunAsync(
        string name, Func<CancellationToken, Task<string?>>? check, ResourceBoard board, TimeProvider clock, Action onFirstHealthy, CancellationToken stop)
    {
        var schedule = new HealthSchedule();
        var announced = false;
        try
        {
            while (true)
            {
                var problem = check is null ? null : await check(stop);
                stop.ThrowIfCancellationRequested();
                var healthy = problem is null;
                var before = board.Of(name);
                if (before.Healthy != healthy || !string.Equals(before.Problem, problem, StringComparison.Ordinal))
                    board.Update(name, status => status with { Healthy = healthy, Problem = problem });
                if (healthy && !announced)
                {
                    announced = true;
                    onFirstHealthy();
                }

                await Task.Delay(schedule.After(healthy), clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped, or the process ended.
        }
    }
}
