using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Spool;

namespace PackRelay.TelemetryService.Tests.Spool;

public sealed class MetricsSpoolTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Append_WithTheBrokerAway_IsFalse()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        await using var spool = new MetricsSpool(new MessagingSettings(new Uri($"amqp://guest:guest@127.0.0.1:{port}")));

        Assert.False(await spool.TryAppendAsync(Encoding.UTF8.GetBytes("m f=1i 1\n"), CancellationToken.None));
    }

    [Fact]
    public async Task Replay_OfASpooledBatch_StoresIt()
    {
        var spool = api.Services.GetRequiredService<MetricsSpool>();
        var at = InfluxClient.ToNanoseconds(api.Clock.GetUtcNow());

        Assert.True(await spool.TryAppendAsync(Encoding.UTF8.GetBytes($"replayed,server=a players=4i {at}\n"), CancellationToken.None));

        await api.WaitUntilAsync(
            async () => (await api.Influx.QueryAsync("SELECT players FROM raw.replayed")).Contains(",4]", StringComparison.Ordinal), TimeSpan.FromSeconds(20), "the point is stored");
    }
}
