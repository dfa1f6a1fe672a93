using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Live;

namespace PackRelay.TelemetryService.Tests.Live;

/// <summary>The service without a sweep of its own: tests start the replicas that do it.</summary>
public sealed class TelemetryThatDoesNotSweep : TelemetryApi
{
    protected override void ReplaceServices(IServiceCollection services) => services.Remove(services.Single(service => service.ImplementationType == typeof(OfflineSweepWorker)));
}

/// <summary>A replica as far as the sweep is concerned: it shares the stores with the others and nothing else. It has the hub's time and the machine's timers, as the lease has.</summary>
internal sealed class SweepingReplica : IAsyncDisposable
{
    private readonly ReplicaClock clock;

    private readonly OfflineSweepWorker worker;

    private SweepingReplica(TelemetryApi api)
    {
        clock = new ReplicaClock(api.Clock);
        var options = api.Services.GetRequiredService<IOptions<LiveOptions>>();
        Lease = new SweepLease(api.Redis);
        Sweep = new OfflineSweep(api.Redis, new StatusQueries(api.Postgres.Source), options, clock);
        worker = new OfflineSweepWorker(Lease, Sweep, options, clock, NullLogger<OfflineSweepWorker>.Instance);
    }

    /// <summary>What it sweeps by.</summary>
    public SweepLease Lease { get; }

    /// <summary>What it does once it holds the lease.</summary>
    public OfflineSweep Sweep { get; }

    /// <summary>How often it was its turn to renew the lease or to try to get it.</summary>
    public int Turns => clock.Turns;

    public static async Task<SweepingReplica> StartAsync(TelemetryApi api)
    {
        var replica = new SweepingReplica(api);
        await replica.worker.StartAsync(CancellationToken.None);
        return replica;
    }

    /// <summary>Ends it as kill -9 would: it gives nothing back.</summary>
    public Task KillAsync() => worker.StopAsync(CancellationToken.None);

    /// <summary>Lets it stand still until it is thawed.</summary>
    public void Freeze() => clock.IsFrozen = true;

    public void Thaw() => clock.IsFrozen = false;

    public async ValueTask DisposeAsync()
    {
        await worker.StopAsync(CancellationToken.None);
        worker.Dispose();
    }

    private sealed class ReplicaClock(TimeProvider hub) : TimeProvider
    {
        private int turns;

        public volatile bool IsFrozen;

        public int Turns => Volatile.Read(ref turns);

        public override DateTimeOffset GetUtcNow() => hub.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(
            passed =>
            {
                if (IsFrozen) return;
                Interlocked.Increment(ref turns);
                callback(passed);
            },
            state, dueTime, period);
    }
}
