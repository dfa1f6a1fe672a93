using System.Threading.Channels;
using MassTransit;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.CatalogService.Servers.Live;

/// <summary>
/// Tells the gateways that lists of servers are out of date: at once, but not more than some times a second. It is not in the outbox: what they keep of
/// live state they keep for a second at most.
/// </summary>
internal sealed partial class LiveNotice(IBus bus, TimeProvider clock, ILogger<LiveNotice> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> given = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Live state was brought to the lists.</summary>
    public void Give() => given.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await given.Reader.WaitToReadAsync(stoppingToken))
        {
            given.Reader.TryRead(out _);
            try
            {
                await PublishAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                NotTold(error);
            }

            await Task.Delay(Pause, TimeProvider.System, stoppingToken); // the machine's clock: this is about load, not about the time of day
        }
    }

    private async Task PublishAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(PublishTimeout);
        var now = clock.GetUtcNow();
        await bus.PublishEventAsync(new ServerListsChanged(Guid.CreateVersion7(now), now), limit.Token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateways could not be told of newer live state; they forget the older within a second")]
    private partial void NotTold(Exception error);
}
