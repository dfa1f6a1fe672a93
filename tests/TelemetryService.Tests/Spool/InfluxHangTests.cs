using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Spool;

namespace PackRelay.TelemetryService.Tests.Spool;

public sealed class InfluxHangTests(TelemetryWithItsInflux api) : IClassFixture<TelemetryWithItsInflux>
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(1); // half of what a write may take

    [Fact]
    public async Task Beats_WhileInfluxHangs_AreAnsweredFromTheSpoolAndOnlyTheFirstOneWaits()
    {
        var servers = new List<TestServer>();
        for (var i = 0; i < 4; i++) servers.Add(await api.SeedServerAsync());
        foreach (var server in servers) await server.BeatOkAsync(new { currentPlayers = 1 });
        var (waits, sum) = (new List<TimeSpan>(), servers.Count);

        await api.FreezeInfluxAsync();
        try
        {
            using var client = api.CreateClient();
            var asked = Stopwatch.GetTimestamp();
            var asking = client.GetAsync($"/api/v1/servers/{servers[0].Slug}/metrics");

            // Long enough for several probes.
            for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(6); api.Clock.Advance(TimeSpan.FromSeconds(5)))
            {
                foreach (var server in servers)
                {
                    var sent = Stopwatch.GetTimestamp();
                    await server.BeatOkAsync(new { currentPlayers = 1 });
                    waits.Add(Stopwatch.GetElapsedTime(sent));
                    sum++;
                }
            }

            using var metrics = await asking;
            await Answers.AssertErrorAsync(metrics, HttpStatusCode.ServiceUnavailable, "metrics_unavailable");
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(9)); // a gateway gives up after 10
        }
        finally
        {
            await api.ThawInfluxAsync();
        }

        Assert.True(waits.Count(wait => wait > Noticeable) <= 1, $"beats waited: {string.Join(", ", waits.Where(wait => wait > Noticeable))}");
        Assert.InRange(waits.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await api.WaitUntilAsync(async () => await StoredAsync() == sum, TimeSpan.FromSeconds(30), "every beat is in the series, and only once");

        // Nobody has to say that it is back: beats find out, and no longer go through the spool.
        await api.WaitUntilAsync(
            async () =>
            {
                api.Clock.Advance(TimeSpan.FromSeconds(5));
                var before = await StoredAsync();
                await servers[0].BeatOkAsync(new { currentPlayers = 1 });
                return await StoredAsync() == before + 1 && await api.Broker.CountAsync(MetricsSpool.QueueName) == 0;
            },
            TimeSpan.FromSeconds(20), "beats go to InfluxDB again");
    }

    /// <summary>Points in the series; -1 when it cannot be told.</summary>
    private async Task<long> StoredAsync()
    {
        try
        {
            using var answer = await api.Services.GetRequiredService<InfluxClient>().QueryAsync(
                "SELECT count(players) FROM raw.heartbeat", new Dictionary<string, object>(StringComparer.Ordinal), CancellationToken.None);
            return answer.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0][1].GetInt64();
        }
        catch (InfluxUnavailableException)
        {
            return -1;
        }
    }
}
