using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Starts what is due, as long as there are slots. It waits for no delivery, so one that hangs holds up nothing but its own slot.</summary>
internal sealed partial class DeliveryPass(
    DeliveryQueue queue, DeliverySender sender, RetrySchedule schedule, AttemptLog log, DeliverySignal signal, DeliveryMetrics metrics,
    IOptions<DeliveryOptions> options, ILogger<DeliveryPass> logger)
{
    private readonly ConcurrentDictionary<Guid, Task> underWay = new();

    /// <summary>Claims and starts until nothing more is due or every slot is taken.</summary>
    /// <param name="stop">Ends the claiming.</param>
    /// <param name="abort">Ends the deliveries that were started, and gives them back.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        while (options.Value.Concurrency - underWay.Count is > 0 and var free)
        {
            var claimed = await queue.ClaimAsync(free, stop);
            // After an outage of the database that outlasted leases, what waits for its outcome to be stored is claimed anew: it was sent, and is written down soon.
            foreach (var delivery in claimed.Where(delivery => !underWay.ContainsKey(delivery.Id))) Start(delivery, abort);
            if (claimed.Count < free) return; // it was all that is due and may go
        }
    }

    /// <summary>Waits for what is under way.</summary>
    public Task DrainAsync() => Task.WhenAll(underWay.Values);

    private void Start(ClaimedDelivery delivery, CancellationToken abort)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Entered before it begins: a delivery that ends at once must find its entry to remove.
        underWay[delivery.Id] = DeliverAfterAsync(begun.Task, delivery, abort);
        begun.SetResult();
    }

    private async Task DeliverAfterAsync(Task begun, ClaimedDelivery delivery, CancellationToken abort)
    {
        await begun;
        try
        {
            await DeliverAsync(delivery, abort);
        }
        catch (Exception error)
        {
            Lost(error, delivery.Id); // nothing is lost for good: the lease ends, and the delivery is made again
        }

        underWay.TryRemove(delivery.Id, out _);
        signal.Set();
    }

    private async Task DeliverAsync(ClaimedDelivery delivery, CancellationToken abort)
    {
        try
        {
            var attempt = await sender.SendAsync(delivery, abort);
            var (verdict, pause) = schedule.Judge(delivery.RoundAttempts, attempt, Random.Shared.NextDouble());
            var outcome = new Outcome(delivery, attempt, verdict, attempt.At + attempt.Duration + pause);
            metrics.Attempted(outcome);
            await log.AddAsync(outcome);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            await queue.ReleaseAsync(delivery, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhook delivery {DeliveryId} ended without a result; it is made again when its lease ends")]
    private partial void Lost(Exception error, Guid deliveryId);
}
