using System.Globalization;
using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Metrics;

/// <summary>
/// Reads a server's buckets. Windows up to 24 h come from the raw series. Longer ones come from the 5-minute sums, but for the last hour,
/// which is read raw because the sums of the youngest minutes are not made yet.
/// </summary>
internal sealed class MetricsQuery(InfluxClient influx, IOptions<InfluxOptions> options)
{
    // Both select the same seven columns. What is formatted in are numbers and constants of ours; the server's id is bound.
    private const string RawSelect = """
        SELECT sum(players), count(players), max(players), sum(cpu), count(cpu), sum(ram), count(ram)
          FROM {0} WHERE server = $server AND time >= {1}s AND time < {2}s GROUP BY time({3}s) fill(none)
        """;

    private const string RollupSelect = """
        SELECT sum(players_sum), sum(players_count), max(players_max), sum(cpu_sum), sum(cpu_count), sum(ram_sum), sum(ram_count)
          FROM {0} WHERE server = $server AND time >= {1}s AND time < {2}s GROUP BY time({3}s) fill(none)
        """;

    /// <summary>Youngest part of a long window that is read raw, whose sums may still change.</summary>
    private const long RawTailSeconds = 3_600;

    /// <exception cref="InfluxUnavailableException">InfluxDB does not answer.</exception>
    public async Task<IReadOnlyList<MetricsBucket>> ReadAsync(Guid serverId, MetricsWindow window, DateTimeOffset now, CancellationToken stop)
    {
        var sums = new BucketSums[window.Buckets];
        using var answer = await influx.QueryAsync(
            Statements(window, now.ToUnixTimeSeconds()), new Dictionary<string, object>(StringComparer.Ordinal) { ["server"] = serverId.ToString() }, stop);
        foreach (var result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            if (!result.TryGetProperty("series", out var series)) continue; // the server said nothing then
            foreach (var row in series[0].GetProperty("values").EnumerateArray())
            {
                // The first group of a query may begin before its WHERE does; it belongs to the bucket all the same.
                var index = (row[0].GetInt64() - window.FromUnixSeconds) / window.BucketSeconds;
                if (index >= 0 && index < sums.Length) sums[index].Add(row);
            }
        }

        return [.. sums.Select((sum, index) => sum.ToBucket(window.FromUnixSeconds + (index * window.BucketSeconds)))];
    }

    private string Statements(MetricsWindow window, long nowUnixSeconds)
    {
        var (from, to) = (window.FromUnixSeconds, window.ToUnixSeconds);
        if (!options.Value.OwnsSchema) return Format(RawSelect, "heartbeat", from, to, window);
        if (window.IsShort) return Format(RawSelect, InfluxSchema.RawSeries, from, to, window);

        var rollup = (long)InfluxSchema.RollupInterval.TotalSeconds;
        var cut = Math.Max(from, (nowUnixSeconds - RawTailSeconds) / rollup * rollup); // where a 5-minute sum begins: no beat counts twice
        return $"{Format(RollupSelect, InfluxSchema.RollupSeries, from, cut, window)}; {Format(RawSelect, InfluxSchema.RawSeries, cut, to, window)}";
    }

    private static string Format(string select, string series, long from, long to, MetricsWindow window) =>
        string.Format(CultureInfo.InvariantCulture, select, series, from, to, window.BucketSeconds);
}
