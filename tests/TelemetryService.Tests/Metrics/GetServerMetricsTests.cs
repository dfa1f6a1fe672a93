using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Tests.Metrics;

public sealed class GetServerMetricsTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Metrics_AfterBeats_GiveTheCurveWithEmptyBuckets()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 2, cpuPct = 10, ramPct = 40 });
        await server.BeatOkAsync(new { currentPlayers = 5, cpuPct = 15 });

        var metrics = await server.MetricsAsync();

        Assert.Equal(server.Slug, metrics.GetProperty("slug").GetString());
        Assert.Equal("24h", metrics.GetProperty("window").GetString());
        Assert.Equal(1_800, metrics.GetProperty("bucketSeconds").GetInt32());
        var buckets = metrics.GetProperty("buckets").EnumerateArray().ToList();
        Assert.Equal(48, buckets.Count);
        Assert.Equal(metrics.GetProperty("from").GetDateTimeOffset(), buckets[0].GetProperty("t").GetDateTimeOffset());
        Assert.Equal(metrics.GetProperty("to").GetDateTimeOffset(), buckets[^1].GetProperty("t").GetDateTimeOffset().AddSeconds(1_800));
        Assert.All(buckets[..^1], bucket => Assert.All(["players", "playersMax", "cpu", "ram"], member => Assert.Equal(JsonValueKind.Null, bucket.GetProperty(member).ValueKind)));
        Assert.Equal((3.5, 5, 12.5, 40.0), Numbers(buckets[^1]));
    }

    [Fact]
    public async Task Metrics_OfALongWindow_JoinTheRollupAndTheRawSeries()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 10, cpuPct = 20, ramPct = 20 });
        await server.BeatOkAsync(new { currentPlayers = 20, cpuPct = 20, ramPct = 20 });
        api.Clock.Advance(TimeSpan.FromHours(3));
        await api.Services.GetRequiredService<InfluxSchema>().RollUpAsync(api.Clock.GetUtcNow().AddHours(-4), api.Clock.GetUtcNow().AddHours(-2), CancellationToken.None);
        await api.Influx.QueryAsync($"DELETE FROM heartbeat WHERE server = '{server.Id}' AND time < '{api.Clock.GetUtcNow().AddHours(-2):yyyy-MM-ddTHH:mm:ssZ}'"); // as the retention does
        await server.BeatOkAsync(new { currentPlayers = 33, cpuPct = 50, ramPct = 50 });

        var buckets = (await server.MetricsAsync("?window=7d&buckets=1")).GetProperty("buckets").EnumerateArray().ToList();

        Assert.Equal((21.0, 33, 30.0, 30.0), Numbers(Assert.Single(buckets)));
    }

    [Theory]
    [InlineData("?window=2h", "invalid_window")]
    [InlineData("?window=", "invalid_window")]
    [InlineData("?window=1h&window=6h", "invalid_window")]
    [InlineData("?buckets=0", "invalid_buckets")]
    [InlineData("?buckets=501", "invalid_buckets")]
    [InlineData("?buckets=-1", "invalid_buckets")]
    [InlineData("?buckets=x", "invalid_buckets")]
    [InlineData("?buckets=99999999999999999999", "invalid_buckets")]
    public async Task Metrics_WithABadQuery_Are400(string query, string code)
    {
        var server = await api.SeedServerAsync();
        using var client = api.CreateClient();
        using var answer = await client.GetAsync($"/api/v1/servers/{server.Slug}/metrics{query}");
        await Answers.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Metrics_OfAnUnknownServer_Are404()
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync("/api/v1/servers/nobody/metrics?window=wrong");
        await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
    }

    [Theory]
    [InlineData("1h", 1)]
    [InlineData("6h", 500)]
    [InlineData("24h", 1)]
    [InlineData("7d", 2)]
    [InlineData("30d", 500)]
    public async Task Metrics_OfAServerThatNeverBeat_AreAllNull(string window, int count)
    {
        var server = await api.SeedServerAsync();
        var buckets = (await server.MetricsAsync($"?window={window}&buckets={count}")).GetProperty("buckets");
        Assert.Equal(count, buckets.GetArrayLength());
        Assert.All(buckets.EnumerateArray(), bucket => Assert.Equal(JsonValueKind.Null, bucket.GetProperty("players").ValueKind));
    }

    private static (double? Players, int? PlayersMax, double? Cpu, double? Ram) Numbers(JsonElement bucket) =>
        (Number(bucket, "players"), (int?)Number(bucket, "playersMax"), Number(bucket, "cpu"), Number(bucket, "ram"));

    private static double? Number(JsonElement bucket, string member) => bucket.GetProperty(member) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
