using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Spool;
using PackRelay.Testing;

namespace PackRelay.TelemetryService.Tests.Spool;

public sealed class InfluxOutageTests(TelemetryWithItsInflux api) : IClassFixture<TelemetryWithItsInflux>
{
    [Fact]
    public async Task Beat_WithInfluxAway_Is200AndItsPointIsThereWhenInfluxIsBack()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });

        await api.StopInfluxAsync();
        await server.BeatOkAsync(new { currentPlayers = 2 });
        await server.BeatOkAsync(new { currentPlayers = 6 });
        using (var client = api.CreateClient())
        using (var metrics = await client.GetAsync($"/api/v1/servers/{server.Slug}/metrics"))
            await Answers.AssertErrorAsync(metrics, HttpStatusCode.ServiceUnavailable, "metrics_unavailable", retryAfterSeconds: 2);

        await api.StartInfluxAsync();
        await api.WaitUntilAsync(
            async () =>
            {
                using var client = api.CreateClient();
                using var metrics = await client.GetAsync($"/api/v1/servers/{server.Slug}/metrics?window=1h&buckets=1");
                return metrics.IsSuccessStatusCode && (await metrics.Content.ReadAsStringAsync()).Contains("\"players\":3,\"playersMax\":6", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30), "all three points are there");
        await api.WaitUntilAsync(async () => await api.Broker.CountAsync(MetricsSpool.QueueName) == 0, TimeSpan.FromSeconds(20), "the spool is empty");
    }

    [Fact]
    public async Task Replay_WithInfluxAway_DoesNotWearABatchOut()
    {
        var at = InfluxClient.ToNanoseconds(api.Clock.GetUtcNow());
        await api.StopInfluxAsync();
        Assert.True(await api.Services.GetRequiredService<MetricsSpool>().TryAppendAsync(Encoding.UTF8.GetBytes($"worn players=4i {at}\n"), CancellationToken.None));

        var replay = ActivatorUtilities.CreateInstance<SpoolReplay>(api.Services);
        for (var attempt = 0; attempt < 3; attempt++) Assert.Equal(0, await replay.RunAsync(CancellationToken.None));

        await using (var connection = await api.Broker.ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync())
        {
            var batch = await Wait.ForAsync(() => channel.BasicGetAsync(MetricsSpool.QueueName, autoAck: false), "the batch is still there");
            Assert.False(batch.Redelivered, "a broker that counts deliveries would give the batch up in the end");
            await channel.BasicNackAsync(batch.DeliveryTag, multiple: false, requeue: true);
        }

        await api.StartInfluxAsync();
        await api.WaitUntilAsync(async () => await api.Broker.CountAsync(MetricsSpool.QueueName) == 0, TimeSpan.FromSeconds(20), "the spool is empty");
    }
}
