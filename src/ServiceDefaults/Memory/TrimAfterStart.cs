using Microsoft.Extensions.Hosting;

namespace PackRelay.ServiceDefaults.Memory;

/// <summary>
/// Gives back what the start alone needed. A service at rest allocates so little that its next collection may be hours away, and until then it would hold
/// the configuration's text, the container's plans and the migrations.
/// </summary>
internal sealed class TrimAfterStart(IHostApplicationLifetime lifetime, TimeProvider clock) : BackgroundService
{
    /// <summary>By then connections are open and the first messages have been read.</summary>
    internal static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await Task.Delay(Delay, clock, stoppingToken);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
