namespace PackRelay.ServiceDefaults.Redis;

/// <summary>The pause between two attempts to connect.</summary>
internal static class Backoff
{
    /// <summary>Waits; ends early, without an exception, when stopped.</summary>
    public static async Task PauseAsync(RedisClientOptions options, int failures, TimeProvider clock, CancellationToken stop)
    {
        var doubled = options.ReconnectDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        var longest = Math.Min(options.MaximumReconnectDelay.TotalMilliseconds, doubled);
        // Half of it at random: replicas that lost the same server do not come back in one moment.
#pragma warning disable CA5394 // jitter needs no secret randomness
        var pause = TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
        await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
