using System.Threading.Channels;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Wakes the worker: something may be due, or a slot became free. Signals that arrive while it works collapse into one.</summary>
internal sealed class DeliverySignal
{
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => wake.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken stop) => await wake.Reader.ReadAsync(stop);
}
