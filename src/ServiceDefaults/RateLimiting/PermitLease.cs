namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>
/// Permits of one subject that the shared counter has already counted, and that this process may give out without asking again. A subject that asks
/// rarely gets one permit at a time, so that its count is exact; one that asks often gets batches that double, up to a 32nd of what it has left.
/// </summary>
/// <param name="policy">The limit.</param>
internal sealed class PermitLease(RateLimitPolicy policy)
{
    /// <summary>Unspent permits are forgotten after this: they stay counted, so that a limit is never passed.</summary>
    internal const long LifetimeMs = 250;

    internal const int LargestBatch = 10_000;

    private const int ShareOfRemaining = 32;
    private const long BusyMs = 100; // a batch that is spent faster was too small

    private readonly Lock gate = new();
    private TaskCompletionSource<PermitGrant?>? asking;
    private RateLimitDecision basis; // as of the last grant, with its whole batch spent
    private long grantedAtMs;
    private long busyUntilMs;
    private int permits;
    private int batch;
    private int waiting;
    private int unserved;

    /// <summary>Takes a permit that is there.</summary>
    public bool TryTake(long nowMs, out RateLimitDecision decision)
    {
        lock (gate)
        {
            if (permits == 0 || nowMs - grantedAtMs >= LifetimeMs || nowMs < grantedAtMs)
            {
                decision = default;
                return false;
            }

            permits--;
            decision = basis with { Remaining = basis.Remaining + permits, ResetAfter = Later(basis.ResetAfter, nowMs - grantedAtMs) };
            return true;
        }
    }

    /// <summary>The question under way, or a new one. All who wait for it take their permits from its answer, as far as it reaches.</summary>
    public Task<PermitGrant?> Join(long nowMs, Func<int, Task<PermitGrant?>> ask)
    {
        lock (gate)
        {
            waiting++;
            if (asking is not null) return asking.Task;
            asking = new(TaskCreationOptions.RunContinuationsAsynchronously); // who waits goes on beside the others, not after them
            _ = FillAsync(asking, Math.Max(NextBatch(nowMs), unserved), ask);
            return asking.Task;
        }
    }

    private async Task FillAsync(TaskCompletionSource<PermitGrant?> answer, int wanted, Func<int, Task<PermitGrant?>> ask)
    {
        PermitGrant? grant = null;
        try
        {
            await Task.Yield(); // out of the lock
            grant = await ask(wanted);
        }
        catch (Exception error)
        {
            answer.TrySetException(error);
        }

        lock (gate)
        {
            unserved = Math.Max(0, waiting - (grant?.Permits ?? 0)); // they will ask at once
            (asking, waiting) = (null, 0);
            if (grant is { Permits: > 0 }) Take(grant);
        }

        answer.TrySetResult(grant);
    }

    private void Take(PermitGrant grant)
    {
        (permits, batch, basis) = (grant.Permits, grant.Permits, grant.Decision);
        grantedAtMs = grant.AtMs;
        busyUntilMs = grant.AtMs + BusyMs;
    }

    private int NextBatch(long nowMs)
    {
        if (permits > 0 || nowMs - grantedAtMs >= LifetimeMs) return 1; // the last batch was too large
        return Math.Clamp(nowMs < busyUntilMs ? batch * 2 : batch, 1, Math.Clamp(basis.Remaining / ShareOfRemaining, 1, LargestBatch));
    }

    private TimeSpan Later(TimeSpan reset, long elapsedMs)
    {
        var left = reset - TimeSpan.FromMilliseconds(elapsedMs);
        return left > TimeSpan.Zero ? left : policy.Window;
    }
}

/// <summary>The shared counter's answer.</summary>
/// <param name="Permits">How many were counted; 0 when the limit is reached.</param>
/// <param name="Decision">What a client is told with all of them spent, or why it is refused.</param>
/// <param name="AtMs">When it was asked, in milliseconds of the clock.</param>
internal sealed record PermitGrant(int Permits, RateLimitDecision Decision, long AtMs);
