namespace PackRelay.IdentityService.Callers;

/// <summary>Runs the pass every second, and once more at the end.</summary>
internal sealed partial class CredentialUseWorker(CredentialUsePass pass, TimeProvider clock, ILogger<CredentialUseWorker> logger) : BackgroundService
{
    // The gateway asks about a credential at most once a minute; little may be added to that, because a last use is shown at most a minute old.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await RunGuardedAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await RunGuardedAsync(stoppingToken);
    }

    private async Task RunGuardedAsync(CancellationToken stop)
    {
        try
        {
            await pass.RunAsync(stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            PassFailed(error); // the uses wait for the next pass
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Writing down the last use of credentials failed; it is tried again")]
    private partial void PassFailed(Exception error);
}
