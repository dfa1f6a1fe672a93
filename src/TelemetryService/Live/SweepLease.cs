using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.TelemetryService.Live;

/// <summary>Lets one replica do the sweep. A holder that stalls and wakes up late is stopped by its fence, which the database compares.</summary>
internal sealed class SweepLease(RedisClient redis)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    private readonly string holder = Guid.NewGuid().ToString("N");

    /// <summary>Takes or renews the lease; the fence, or null when another replica holds it.</summary>
    public async Task<long?> TryHoldAsync(CancellationToken stop)
    {
        var fence = (await redis.ExecuteAsync(LiveScripts.Lease, ["telemetry:sweep"], [holder, (long)Life.TotalMilliseconds], stop)).AsInteger();
        return fence == 0 ? null : fence;
    }
}
