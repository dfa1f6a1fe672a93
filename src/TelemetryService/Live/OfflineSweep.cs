using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// Takes servers offline that were silent for too long. Work is proportional to what changes: the silent ones stand at the front of a sorted set.
/// Silence counts only while the hub could hear: after an outage of its own every server gets the whole time again.
/// </summary>
internal sealed class OfflineSweep(SweepLease lease, RedisClient redis, StatusQueries status, IOptions<LiveOptions> options, TimeProvider clock)
{
    private const int BatchSize = 500;

    private static readonly TimeSpan RepairInterval = TimeSpan.FromMinutes(5);

    private DateTimeOffset repairAt;

    /// <summary>Gives the number of servers that went offline.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (await lease.TryHoldAsync(stop) is not { } fence)
        {
            repairAt = default; // the next time that the lease is ours, begin with a repair
            return 0;
        }

        var now = clock.GetUtcNow();
        var cutoff = now - options.Value.OfflineAfter;
        if (await status.ReceivingAsync(stop) is not { } receiving || now - receiving.LastPulse > HubPulse.Gap || receiving.Since > cutoff) return 0;

        if (now >= repairAt)
        {
            await RepairAsync(now, stop);
            repairAt = now + RepairInterval;
        }

        var count = 0;
        while (await ClaimAsync(cutoff, stop) is { Count: > 0 } silent) count += await TakeOfflineAsync(silent, cutoff, now, fence, stop);
        return count;
    }

    private async Task<int> TakeOfflineAsync(List<SilentServer> silent, DateTimeOffset cutoff, DateTimeOffset now, long fence, CancellationToken stop)
    {
        try
        {
            return await status.TakeOfflineAsync(silent, cutoff, now, fence, stop);
        }
        catch
        {
            repairAt = default; // they were taken out of Redis; the repair puts back who is still online in the database
            throw;
        }
    }

    /// <summary>
    /// Servers that are online in the database and missing from the sorted set (Redis lost its data, or a sweep broke off) would stay online for
    /// ever. They are treated as if they had beaten now.
    /// </summary>
    private async Task RepairAsync(DateTimeOffset now, CancellationToken stop)
    {
        foreach (var servers in (await status.OnlineServersAsync(stop)).Chunk(BatchSize))
        {
            RedisArgument[] arguments = [LiveState.SeenKey, "NX", .. servers.SelectMany(server => new RedisArgument[] { now.ToUnixTimeMilliseconds(), server.ToString() })];
            await redis.ExecuteAsync("ZADD"u8, arguments, stop);
        }
    }

    private async Task<List<SilentServer>> ClaimAsync(DateTimeOffset cutoff, CancellationToken stop)
    {
        var reply = (await redis.ExecuteAsync(LiveScripts.ClaimSilent, [LiveState.SeenKey], [cutoff.ToUnixTimeMilliseconds(), BatchSize, LiveState.HashPrefix], stop)).AsArray();
        var silent = new List<SilentServer>(reply.Count / 2);
        for (var i = 0; i + 1 < reply.Count; i += 2)
            silent.Add(new(Guid.Parse(reply[i].AsString()!), DateTimeOffset.FromUnixTimeMilliseconds(reply[i + 1].AsInteger())));
        return silent;
    }
}

/// <summary>Sweeps every few seconds.</summary>
internal sealed partial class OfflineSweepWorker(OfflineSweep sweep, IOptions<LiveOptions> options, TimeProvider clock, ILogger<OfflineSweepWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await sweep.RunAsync(stoppingToken) is > 0 and var count) WentOffline(count);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(error); // the next tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} servers were silent for too long and are offline")]
    private partial void WentOffline(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep for silent servers failed")]
    private partial void SweepFailed(Exception error);
}
