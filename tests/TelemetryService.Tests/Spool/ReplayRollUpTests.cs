using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Spool;
using PackRelay.Testing.Http;

namespace PackRelay.TelemetryService.Tests.Spool;

/// <summary>The service, which does not replay its spool by itself.</summary>
public sealed class TelemetryWithoutReplay : TelemetryApi
{
    protected override void ReplaceServices(IServiceCollection services) => services.Remove(services.Single(service => service.ImplementationType == typeof(SpoolReplayWorker)));
}

public sealed class ReplayRollUpTests(TelemetryWithoutReplay api) : IClassFixture<TelemetryWithoutReplay>
{
    [Fact]
    public async Task Replay_AfterALongOutage_SumsItUpInStretchesThatInfluxManagesAndGoesOnWhereItStopped()
    {
        await using var influx = await WebhookReceiver.StartAsync();
        var client = new InfluxClient(new Clients(influx.Url), Options.Create(new InfluxOptions()));
        var spool = api.Services.GetRequiredService<MetricsSpool>();
        var replay = new SpoolReplay(
            spool, client, new InfluxSchema(client, Options.Create(new InfluxOptions())), api.Services.GetRequiredService<SpoolMetrics>(), api.Clock, NullLogger<SpoolReplay>.Instance);
        var outage = api.Clock.GetUtcNow().AddHours(-6).AddMinutes(-1);
        Assert.True(await spool.TryAppendAsync(Encoding.UTF8.GetBytes($"heartbeat,server=a players=4i {InfluxClient.ToNanoseconds(outage)}\n"), CancellationToken.None));

        var refusals = 1;
        influx.Answer(request => request.Target switch
        {
            "/query" when From(request) > outage.AddHours(3) && Interlocked.Decrement(ref refusals) >= 0 => new(HttpStatusCode.ServiceUnavailable),
            "/query" => new(HttpStatusCode.OK, "{\"results\":[{}]}"),
            _ => new(HttpStatusCode.NoContent),
        });
        await Assert.ThrowsAsync<InfluxUnavailableException>(() => replay.RunAsync(CancellationToken.None));
        await replay.RunAsync(CancellationToken.None);
        await replay.RunAsync(CancellationToken.None); // nothing is left

        var stretches = influx.Received.Where(request => request.Target == "/query").Select(request => (From: From(request), To: Time(request, "to"))).ToArray();
        Assert.InRange(stretches.Length, 13, 15); // 6 hours, and the refused one again
        Assert.All(stretches, stretch => Assert.InRange(stretch.To - stretch.From, TimeSpan.Zero, InfluxSchema.RollupStretch + InfluxSchema.RollupInterval));
        Assert.All(stretches, stretch => Assert.Equal(0, stretch.From.Ticks % InfluxSchema.RollupInterval.Ticks));
        Assert.True(stretches[0].From <= outage && stretches[^1].To == api.Clock.GetUtcNow());
        Assert.All(stretches.Zip(stretches.Skip(1)), pair => Assert.True(pair.Second.From <= pair.First.To, $"nothing sums up from {pair.First.To:O} to {pair.Second.From:O}"));
        Assert.Equal(stretches.Length - 1, stretches.Distinct().Count());
    }

    [Fact]
    public async Task Replay_WhoseReplicaDiesBeforeItSummedUp_IsSummedUpByAnother()
    {
        await using var influx = await WebhookReceiver.StartAsync();
        var client = new InfluxClient(new Clients(influx.Url), Options.Create(new InfluxOptions()));
        var schema = new InfluxSchema(client, Options.Create(new InfluxOptions()));
        var outage = api.Clock.GetUtcNow().AddHours(-2);
        var settings = new MessagingSettings(new Uri(api.Services.GetRequiredService<IConfiguration>().GetConnectionString("messaging")!));
        await using (var dying = new MetricsSpool(settings))
        {
            for (var minute = 0; minute < 3; minute++)
                Assert.True(await dying.TryAppendAsync(Encoding.UTF8.GetBytes($"heartbeat,server=a players=4i {InfluxClient.ToNanoseconds(outage.AddMinutes(30 * minute))}\n"), CancellationToken.None));
            influx.Answer(request => new(request.Target == "/query" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NoContent));
            var replay = new SpoolReplay(dying, client, schema, api.Services.GetRequiredService<SpoolMetrics>(), api.Clock, NullLogger<SpoolReplay>.Instance);
            await Assert.ThrowsAsync<InfluxUnavailableException>(() => replay.RunAsync(CancellationToken.None));
        }

        influx.Answer(request => request.Target == "/query" ? new(HttpStatusCode.OK, "{\"results\":[{}]}") : new(HttpStatusCode.NoContent));
        await using var spool = new MetricsSpool(settings);
        var survivor = new SpoolReplay(spool, client, schema, api.Services.GetRequiredService<SpoolMetrics>(), api.Clock, NullLogger<SpoolReplay>.Instance);
        var before = influx.Received.Count;
        await api.WaitUntilAsync(async () => await survivor.RunAsync(CancellationToken.None) > 0, TimeSpan.FromSeconds(20), "what the dead replica had taken is back in the spool");
        Assert.True(influx.Received.Skip(before).Where(request => request.Target == "/query").Min(From) <= outage);
        Assert.Equal(0, await survivor.RunAsync(CancellationToken.None)); // nothing is left
    }

    private static DateTimeOffset From(ReceivedRequest request) => Time(request, "from");

    private static DateTimeOffset Time(ReceivedRequest request, string name)
    {
        using var times = JsonDocument.Parse(HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))["params"]!);
        return times.RootElement.GetProperty(name).GetDateTimeOffset();
    }

    private sealed class Clients(Uri address) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new() { BaseAddress = address };
    }
}
