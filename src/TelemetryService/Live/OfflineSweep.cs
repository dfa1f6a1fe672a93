using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// Takes servers offline that were silent for too long. Work is proportional to what changes: the silent ones stand at the front of a sorted set.
/// Silence counts only while the hub could hear: up to its last pulse, which is seconds ago, and after an outage of its own every server gets the whole time again.
/// </summary>
internal sealed class OfflineSweep(RedisClient redis, StatusQueries status, IOptions<LiveOptions> options, TimeProvider clock)
{
    private const int BatchSize = 500;

    private static readonly TimeSpan CountInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RepairInterval = TimeSpan.FromHours(1);

    private long repairedFence;

    private DateTimeOffset countAt;

    private DateTimeOffset repairAt;

    /// <summary>Sweeps as the holder of the lease. Gives the number of servers that went offline.</summary>
    /// <param name="fence">The lease's: a newer holder has a greater one, and then this sweep changes nothing.</param>
    /// <param name="stop">Breaks off; the next sweep, here or elsewhere, finds what is left.</param>
    public async Task<int> RunAsync(long fence, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (await status.ReceivingAsync(stop) is not { } receiving || now - receiving.LastPulse > HubPulse.Gap(options.Value)) return 0;
        var heardUntil = receiving.LastPulse < now ? receiving.LastPulse : now; // another replica's clock may be ahead
        var cutoff = heardUntil - options.Value.OfflineAfter;
        if (receiving.Since > cutoff) return 0;

        await RepairWhenDueAsync(fence, now, stop);
        var count = 0;
        while (await FindSilentAsync(cutoff, stop) is { Count: > 0 } silent)
        {
            if (await status.TakeOfflineAsync(silent, cutoff, now, fence, stop) is not { } gone) break; // there is a newer holder
            count += gone;
            await ForgetAsync(silent, cutoff, stop);
        }

        return count;
    }

    /// <summary>
    /// Servers that are online in the database and missing from the sorted set (Redis lost its data, or a stop could not be recorded) would stay
    /// online for ever. Looked for by a new holder, when the set holds too few, and once an hour: all of them are read for it.
    /// </summary>
    private async Task RepairWhenDueAsync(long fence, DateTimeOffset now, CancellationToken stop)
    {
        var due = fence != repairedFence || now >= repairAt;
        if (!due && now < countAt) return;
        countAt = now + CountInterval;
        if (!due && await status.CountOnlineAsync(stop) <= (await redis.ExecuteAsync("ZCARD"u8, [LiveState.SeenKey], stop)).AsInteger()) return;
        await RepairAsync(now, stop);
        (repairedFence, repairAt) = (fence, now + RepairInterval);
    }

    /// <summary>They are treated as if they had beaten now.</summary>
    private async Task RepairAsync(DateTimeOffset now, CancellationToken stop)
    {
        foreach (var servers in (await status.OnlineServersAsync(stop)).Chunk(BatchSize))
        {
            RedisArgument[] arguments = [LiveState.SeenKey, "NX", .. servers.SelectMany(server => new RedisArgument[] { now.ToUnixTimeMilliseconds(), server.ToString() })];
            await redis.ExecuteAsync("ZADD"u8, arguments, stop);
        }
    }

    private async Task<List<SilentServer>> FindSilentAsync(DateTimeOffset cutoff, CancellationToken stop)
    {
        var reply = (await redis.ExecuteAsync(LiveScripts.Silent, [LiveState.SeenKey], [cutoff.ToUnixTimeMilliseconds(), BatchSize, LiveState.HashPrefix], stop)).AsArray();
        var silent = new List<SilentServer>(reply.Count / 2);
        for (var i = 0; i + 1 < reply.Count; i += 2)
            silent.Add(new(Guid.Parse(reply[i].AsString()!), DateTimeOffset.FromUnixTimeMilliseconds(reply[i + 1].AsInteger())));
        return silent;
    }

    private async Task ForgetAsync(List<SilentServer> silent, DateTimeOffset cutoff, CancellationToken stop)
    {
        RedisArgument[] arguments = [cutoff.ToUnixTimeMilliseconds(), .. silent.Select(server => (RedisArgument)server.ServerId.ToString())];
        await redis.ExecuteAsync(LiveScripts.Forget, [LiveState.SeenKey], arguments, stop);
    }
}

/// <summary>Renews the lease every second, or tries to get it, and sweeps every few seconds while it is held: at once when it is new.</summary>
internal sealed partial class OfflineSweepWorker(SweepLease lease, OfflineSweep sweep, IOptions<LiveOptions> options, TimeProvider clock, ILogger<OfflineSweepWorker> logger)
    : BackgroundService
{
    private long? sweptFence;

    private DateTimeOffset sweepAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.Value.SweepInterval < SweepLease.Renewal ? options.Value.SweepInterval : SweepLease.Renewal;
        using var timer = new PeriodicTimer(pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(error); // the next tick tries again
            }
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (await lease.TryHoldAsync(stop) is not { } fence || (fence == sweptFence && now < sweepAt)) return;
        if (await sweep.RunAsync(fence, stop) is > 0 and var count) WentOffline(count);
        (sweptFence, sweepAt) = (fence, now + options.Value.SweepInterval);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} servers were silent for too long and are offline")]
    private partial void WentOffline(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep for silent servers failed")]
    private partial void SweepFailed(Exception error);
}
