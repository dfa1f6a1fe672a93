using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Downloads.Egress;

/// <summary>Writes metered egress, also what is left when the service stops.</summary>
internal sealed partial class EgressWorker(EgressMeter meter, IOptions<DownloadOptions> options, TimeProvider clock, ILogger<EgressWorker> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.EgressInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
    }

    private async Task TryAsync(CancellationToken stop)
    {
        try
        {
            await meter.FlushAsync(stop);
        }
        catch (Exception error)
        {
            if (!stop.IsCancellationRequested) FlushFailed(error); // it stays added
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Metered egress could not be written; it is kept and written later")]
    private partial void FlushFailed(Exception error);
}
