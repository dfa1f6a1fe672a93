using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Delivers what is due: at once when something was enqueued, and by looking every second for what became due by time.</summary>
internal sealed partial class DeliveryWorker(
    DeliveryPass pass, DeliveryQueue queue, AttemptLog log, DeliverySignal signal, DeliveryMetrics metrics, IOptions<DeliveryOptions> options, TimeProvider clock,
    ILogger<DeliveryWorker> logger)
    : BackgroundService
{
    // To look for what is due costs the database the same whether one slot is free or hundreds, and each delivery that ends frees one: at rest for twice as long as a look takes,
    // a busy worker finds many at a time, and an idle one is back within a few milliseconds.
    private const int RestPerWork = 2;

    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        var recording = log.RunAsync(abort.Token);
        await Task.WhenAll(DeliverAsync(stoppingToken, abort.Token), TickAsync(stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // both end by cancellation

        abort.CancelAfter(options.Value.StopGrace);
        await pass.DrainAsync();
        log.Complete();
        await recording;
    }

    private async Task DeliverAsync(CancellationToken stop, CancellationToken abort)
    {
        while (true)
        {
            await signal.WaitAsync(stop);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await pass.RunAsync(stop, abort);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                PassFailed(error); // the next tick tries again
            }

            var rest = Stopwatch.GetElapsedTime(started) * RestPerWork;
            await Task.Delay(rest < LongestRest ? rest : LongestRest, TimeProvider.System, stop); // the machine's clock: this is about milliseconds of work, not about the time of day
        }
    }

    private async Task TickAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, clock);
        do
        {
            signal.Set();
            if (metrics.WantsBacklog) await MeasureAsync(stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private async Task MeasureAsync(CancellationToken stop)
    {
        try
        {
            metrics.Backlog(await queue.CountDueAsync(stop));
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            PassFailed(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhook delivery pass failed; due deliveries wait for the next")]
    private partial void PassFailed(Exception error);
}
