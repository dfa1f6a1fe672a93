using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Tests.Influx;

public sealed class InfluxSchemaTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Ensure_Twice_LeavesTheRetentionPoliciesAndTheContinuousQuery()
    {
        var schema = api.Services.GetRequiredService<InfluxSchema>();
        await schema.EnsureAsync(CancellationToken.None);
        await schema.EnsureAsync(CancellationToken.None);

        var policies = await api.Influx.QueryAsync($"SHOW RETENTION POLICIES ON \"{api.Influx.Database}\"");
        Assert.Contains("[\"raw\",\"168h0m0s\",\"24h0m0s\",1,true]", policies, StringComparison.Ordinal);
        Assert.Contains("[\"rollup\",\"2160h0m0s\",\"168h0m0s\",1,false]", policies, StringComparison.Ordinal);
        var queries = await api.Influx.QueryAsync("SHOW CONTINUOUS QUERIES");
        Assert.Contains($"ON {api.Influx.Database} RESAMPLE EVERY 5m FOR 10m", queries, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_WhereAnOperatorChoseAnotherDuration_LeavesIt()
    {
        var schema = api.Services.GetRequiredService<InfluxSchema>();
        await schema.EnsureAsync(CancellationToken.None);
        await api.Influx.QueryAsync($"ALTER RETENTION POLICY rollup ON \"{api.Influx.Database}\" DURATION 365d");

        await schema.EnsureAsync(CancellationToken.None);

        Assert.Contains("[\"rollup\",\"8760h0m0s\"", await api.Influx.QueryAsync($"SHOW RETENTION POLICIES ON \"{api.Influx.Database}\""), StringComparison.Ordinal);
        await api.Influx.QueryAsync($"ALTER RETENTION POLICY rollup ON \"{api.Influx.Database}\" DURATION 90d");
    }

    [Fact]
    public async Task Worker_AfterInfluxMissedItsRuns_SumsUpSinceTheNewestSum()
    {
        var (server, now, lines) = (Guid.NewGuid(), api.Clock.GetUtcNow(), new LineProtocol());
        foreach (var hours in new[] { 6, 4, 2 }) lines.Point("heartbeat").Tag("server", server).Field("players", hours).At(InfluxClient.ToNanoseconds(now.AddHours(-hours)));
        lines.Point("summed").Tag("server", server).Field("players", 1).At(InfluxClient.ToNanoseconds(now.AddHours(-5)));
        Assert.Equal(InfluxWrite.Stored, await api.Services.GetRequiredService<InfluxClient>().WriteAsync(lines.Written, CancellationToken.None));
        await api.Influx.QueryAsync($"SELECT players AS players_count INTO {InfluxSchema.RollupSeries} FROM raw.summed GROUP BY server");

        using var worker = new InfluxSchemaWorker(api.Services.GetRequiredService<InfluxSchema>(), api.Clock, NullLogger<InfluxSchemaWorker>.Instance);
        await worker.StartAsync(CancellationToken.None);
        await api.WaitUntilAsync(async () => (await SumsAsync()).Contains(",2,2]", StringComparison.Ordinal), TimeSpan.FromSeconds(30), "the youngest beat is summed up");
        await worker.StopAsync(CancellationToken.None);

        var sums = await SumsAsync();
        Assert.Contains(",4,4]", sums, StringComparison.Ordinal);
        Assert.DoesNotContain(",6,6]", sums, StringComparison.Ordinal); // it is older than the newest sum

        Task<string> SumsAsync() => api.Influx.QueryAsync($"SELECT players_sum, players_max FROM {InfluxSchema.RollupSeries} WHERE server = '{server}'");
    }

    [Fact]
    public async Task Write_OfBytesThatAreNoPoints_IsRefusedAndNotAnOutage() =>
        Assert.Equal(InfluxWrite.Refused, await api.Services.GetRequiredService<InfluxClient>().WriteAsync("no point"u8.ToArray(), CancellationToken.None));

    [Fact]
    public async Task Write_OfALargeBatch_IsCompressedAndStored()
    {
        var (lines, at) = (new LineProtocol(), InfluxClient.ToNanoseconds(api.Clock.GetUtcNow()));
        for (var point = 0; point < 1_000; point++) lines.Point("large").Tag("server", "a b").Field("players", point).At(at + point);

        Assert.Equal(InfluxWrite.Stored, await api.Services.GetRequiredService<InfluxClient>().WriteAsync(lines.Written, CancellationToken.None));

        Assert.Contains(",1000]", await api.Influx.QueryAsync("SELECT count(players) FROM raw.large WHERE server = 'a b'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WithAQuoteInAParameter_FindsNothingAndBreaksNothing()
    {
        using var answer = await api.Services.GetRequiredService<InfluxClient>().QueryAsync(
            "SELECT players FROM raw.heartbeat WHERE server = $server", new Dictionary<string, object>(StringComparer.Ordinal) { ["server"] = "' OR '1'='1" }, CancellationToken.None);
        Assert.False(answer.RootElement.GetProperty("results")[0].TryGetProperty("series", out _));
    }
}
