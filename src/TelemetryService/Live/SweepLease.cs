using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.TelemetryService.Live;

/// <summary>Lets one replica do the sweep. A holder that stalls and wakes up late is stopped by its fence, which the database compares.</summary>
internal sealed class SweepLease(RedisClient redis)
{
    /// <summary>Pause between two attempts to hold it, as long as the replica lives.</summary>
    public static TimeSpan Renewal { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A holder that died is replaced after this and one renewal at most. Long enough that a pause of the garbage collector changes no holder.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6);

    private readonly string holder = Guid.NewGuid().ToString("N");

    /// <summary>Takes or renews the lease; the fence, or null when another replica holds it.</summary>
    public async Task<long?> TryHoldAsync(CancellationToken stop)
    {
        var fence = (await redis.ExecuteAsync(LiveScripts.Lease, ["telemetry:sweep"], [holder, (long)Life.TotalMilliseconds], stop)).AsInteger();
        return fence == 0 ? null : fence;
    }
}
