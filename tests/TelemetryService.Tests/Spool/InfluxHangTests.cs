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
    public async Task Beats_WhileInfluxHangs_AreAnsweredFromTheSpoolAndFewWait()
    {
        var servers = new List<TestServer>();
        for (var i = 0; i < 4; i++) servers.Add(await api.SeedServerAsync());
        foreach (var server in servers) await server.BeatOkAsync(new { currentPlayers = 1 });
        var (waits, sum) = (new List<TimeSpan>(), servers.Count);

        await api.FreezeInfluxAsync();
        try
        {
            using var client = api.CreateClient();
            var asking = AskAsync(client, servers[0]);

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

            var (metrics, took) = await asking;
            await Answers.AssertErrorAsync(metrics, HttpStatusCode.ServiceUnavailable, "metrics_unavailable");
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(20)); // a query that is waited for to its end would take as long as InfluxDB hangs
            metrics.Dispose();
        }
        finally
        {
            await api.ThawInfluxAsync();
        }

        Assert.True(waits.Order().ElementAt(waits.Count / 2) < Noticeable, $"beats waited: {string.Join(", ", waits.Where(wait => wait > Noticeable))}"); // each would, without the spool
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

    private static async Task<(HttpResponseMessage Answer, TimeSpan Took)> AskAsync(HttpClient client, TestServer server)
    {
        var asked = Stopwatch.GetTimestamp();
        var answer = await client.GetAsync($"/api/v1/servers/{server.Slug}/metrics");
        return (answer, Stopwatch.GetElapsedTime(asked));
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
