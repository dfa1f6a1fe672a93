using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.TelemetryService.Tests.Influx;

/// <summary>The service in front of a stand-in for InfluxDB 2.x, with room for few waiting beats and no limit per server.</summary>
public sealed class TelemetryOnInfluxTwo : TelemetryApi
{
    public const int QueueCapacity = 100;

    private WebhookReceiver? influx;

    public WebhookReceiver InfluxTwo => influx!;

    protected override bool HasInflux => false;

    public override async Task InitializeAsync()
    {
        influx = await WebhookReceiver.StartAsync();
        influx.Answer(_ => new(HttpStatusCode.NoContent));
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await InfluxTwo.DisposeAsync();
    }

    /// <summary>The lines that were written.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync()
    {
        var lines = new List<string>();
        foreach (var request in InfluxTwo.Received.Where(request => request.Target.Contains("write", StringComparison.Ordinal)))
        {
            Stream body = new MemoryStream(request.Body);
            if (request.Headers.ContainsKey("Content-Encoding")) body = new GZipStream(body, CompressionMode.Decompress);
            using var text = new StreamReader(body, Encoding.UTF8);
            lines.AddRange((await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return lines;
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["services:influxdb:http:0"] = InfluxTwo.Url.ToString().TrimEnd('/');
        settings["Influx:Token"] = "a-token";
        settings["Influx:Org"] = "an org";
        settings["Influx:Bucket"] = "a bucket";
        settings["Influx:WriteTimeout"] = "00:00:10";
        settings["Telemetry:Heartbeat:MinimumInterval"] = "00:00:00";
        settings["Telemetry:Heartbeat:QueueCapacity"] = QueueCapacity.ToString(CultureInfo.InvariantCulture);
    }
}

public sealed class InfluxTwoTests(TelemetryOnInfluxTwo api) : IClassFixture<TelemetryOnInfluxTwo>
{
    [Fact]
    public async Task Beat_WithATokenAndABucketConfigured_IsWrittenToInfluxDbTwo()
    {
        var server = await api.SeedServerAsync();

        await server.BeatOkAsync(new { currentPlayers = 7, cpuPct = 12.5 });

        var write = Assert.Single(api.InfluxTwo.Received, request => Encoding.UTF8.GetString(request.Body).Contains(server.Id.ToString(), StringComparison.Ordinal));
        Assert.Equal(
            ("POST", "/api/v2/write?org=an%20org&bucket=a%20bucket&precision=ns", "Token a-token"), (write.Method, write.Target, write.Headers["Authorization"]));
        Assert.StartsWith($"heartbeat,server={server.Id} players=7i,cpu=12.5 ", Encoding.UTF8.GetString(write.Body), StringComparison.Ordinal);
        Assert.DoesNotContain(api.InfluxTwo.Received, request => request.Target == "/query"); // no schema of ours there
    }

    [Fact]
    public async Task Beats_MoreThanFitWhileTheStoreIsSlow_AreRefusedAndThoseThatFitAreStored()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        var before = (await api.LinesAsync()).Count(IsOfServer);

        // The commit of one beat takes so long that the others have to wait.
        api.InfluxTwo.AnswerNext(new(HttpStatusCode.NoContent, Delay: TimeSpan.FromSeconds(8)));
        var slow = server.BeatOkAsync(new { currentPlayers = 2 });
        await Wait.UntilAsync(async () => (await api.LinesAsync()).Count(IsOfServer) == before + 1, "its commit is under way");
        using var client = api.CreateClient(server.Owner);
        using var batch = await client.PostAsJsonAsync(
            "/api/v1/heartbeats", new { heartbeats = Enumerable.Range(0, 3 * TelemetryOnInfluxTwo.QueueCapacity).Select(index => new { slug = server.Slug, currentPlayers = index }) });
        await slow;

        var results = (await batch.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray().ToArray();
        var stored = results.Count(result => result.GetProperty("status").GetInt32() == 200);
        var refused = results.Where(result => result.GetProperty("status").GetInt32() == 503).ToArray();
        Assert.Equal((TelemetryOnInfluxTwo.QueueCapacity, results.Length), (stored, stored + refused.Length));
        Assert.All(refused, result => Assert.Equal(("unavailable", 2), (result.GetProperty("code").GetString(), result.GetProperty("retryAfterSeconds").GetInt32())));
        Assert.Equal(before + 1 + stored, (await api.LinesAsync()).Count(IsOfServer));

        bool IsOfServer(string line) => line.Contains(server.Id.ToString(), StringComparison.Ordinal);
    }
}
