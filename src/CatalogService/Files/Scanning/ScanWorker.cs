using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Versions;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>Finishes versions that wait for the scan first, because somebody waits for them; then looks at files that nobody has looked at by the rules in force.</summary>
internal sealed partial class ScanWorker(FileScans files, HeldVersions versions, IOptions<ScanOptions> options, TimeProvider clock, ILogger<ScanWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await versions.FinishNextAsync(stoppingToken) || await files.ScanNextAsync(stoppingToken))
                {
                    // There is more.
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                ScanFailed(error); // claims run out, and another tick tries again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Scanning files failed")]
    private partial void ScanFailed(Exception error);
}
