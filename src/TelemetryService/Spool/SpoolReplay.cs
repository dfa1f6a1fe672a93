using System.Buffers.Text;
using PackRelay.TelemetryService.Influx;
using RabbitMQ.Client;

namespace PackRelay.TelemetryService.Spool;

/// <summary>
/// Writes spooled batches to InfluxDB and removes each one only when it is stored. Doing so twice changes nothing: a point of the same series and
/// time replaces itself, and order is of no matter. A batch that InfluxDB does not take yet goes to the queue's end as a new message: a quorum queue
/// counts how often a message was given back, and RabbitMQ 4 throws it away after 20 times, which is 20 seconds of an outage.
/// </summary>
internal sealed partial class SpoolReplay(MetricsSpool spool, InfluxClient influx, InfluxSchema schema, SpoolMetrics metrics, TimeProvider clock, ILogger<SpoolReplay> logger)
{
    private DateTimeOffset? oldestReplayed;

    // The batch that it is the time of. It leaves the spool only when what was replayed is summed up: after a crash it is there again, and says from when on.
    private ulong? held;

    // Taken from the spool, and not done with when something failed. It is kept rather than given back, which the queue would count.
    private BasicGetResult? waiting;

    private IChannel? channel; // goes with the spool's connection

    /// <summary>Replays until the spool is empty or InfluxDB stops taking points. Gives the number of batches that left the spool.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (channel is not { IsOpen: true }) (channel, held, waiting) = (await spool.OpenChannelAsync(stop), null, null); // what the old one had taken is in the queue again
        var queue = channel;
        var count = 0;
        while ((waiting ??= await queue.BasicGetAsync(MetricsSpool.QueueName, autoAck: false, stop)) is { } batch)
        {
            metrics.Depth(batch.MessageCount + 1);
            switch (await influx.WriteAsync(batch.Body, stop))
            {
                case InfluxWrite.Unavailable:
                    await MetricsSpool.PublishAsync(queue, MetricsSpool.QueueName, batch.Body, stop);
                    await AckAsync(queue, batch.DeliveryTag, stop);
                    waiting = null;
                    return count;
                case InfluxWrite.Refused:
                    await MetricsSpool.PublishAsync(queue, MetricsSpool.ErrorQueueName, batch.Body, stop);
                    await AckAsync(queue, batch.DeliveryTag, stop);
                    metrics.Refused();
                    Refused(batch.Body.Length);
                    break;
                default:
                    metrics.Replayed();
                    await HoldOldestAsync(queue, batch, stop);
                    break;
            }

            waiting = null;
            count++;
        }

        metrics.Depth(0);
        await RollUpAsync(stop);
        if (held is { } last) await AckAsync(queue, last, stop);
        held = null;
        return count;
    }

    private static ValueTask AckAsync(IChannel queue, ulong tag, CancellationToken stop) => queue.BasicAckAsync(tag, multiple: false, stop);

    /// <summary>Of the batches that are stored now, all but the oldest leave the spool.</summary>
    private async Task HoldOldestAsync(IChannel queue, BasicGetResult batch, CancellationToken stop)
    {
        var done = batch.DeliveryTag;
        if (TimeOf(batch.Body.Span) is { } time && (held is null || time < oldestReplayed))
        {
            (var before, held) = (held, done);
            oldestReplayed = oldestReplayed < time ? oldestReplayed : time; // what a lost channel had taken before counts as well
            if (before is null) return;
            done = before.Value;
        }

        await AckAsync(queue, done, stop);
    }

    /// <summary>Stretch by stretch: what one statement summed up is done, also when InfluxDB goes away again before the next.</summary>
    private async Task RollUpAsync(CancellationToken stop)
    {
        while (oldestReplayed is { } from)
        {
            var (now, to) = (clock.GetUtcNow(), from + InfluxSchema.RollupStretch);
            await schema.RollUpAsync(from, to < now ? to : now, stop);
            oldestReplayed = to < now ? to : null; // begins with the interval that this one may have broken off
        }
    }

    /// <summary>The first point of a batch is its oldest: they were written in the order of arrival.</summary>
    private static DateTimeOffset? TimeOf(ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf((byte)'\n');
        var line = end < 0 ? lines : lines[..end];
        return Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out long nanoseconds, out _) ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "InfluxDB refuses a spooled batch of {SizeBytes} bytes for ever; it waits in the queue metrics-spool_error")]
    private partial void Refused(int sizeBytes);
}

/// <summary>Looks into the spool every second.</summary>
internal sealed partial class SpoolReplayWorker(SpoolReplay replay, ILogger<SpoolReplayWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval); // the machine's clock: the pace of an outage's end is no business of the hub's time
        var failing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await replay.RunAsync(stoppingToken);
                failing = false;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failing) ReplayFailed(error); // broker or InfluxDB away: once per outage
                failing = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metrics spool cannot be replayed at the moment; what it holds waits")]
    private partial void ReplayFailed(Exception error);
}
