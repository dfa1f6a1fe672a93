using System.Runtime.InteropServices;
using System.Text.Json;

namespace PackRelay.TelemetryService.Metrics;

/// <summary>What was summed up of one bucket, from the raw series, the rollup or both.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct BucketSums
{
    private double players;

    private double cpu;

    private double ram;

    private long playersCount;

    private long cpuCount;

    private long ramCount;

    private long playersMax;

    /// <summary>Adds one row of a query: its time, then sum, count and maximum of the players, sum and count of the loads.</summary>
    public void Add(JsonElement row)
    {
        players += Number(row[1]);
        playersCount += (long)Number(row[2]);
        playersMax = Math.Max(playersMax, (long)Number(row[3]));
        cpu += Number(row[4]);
        cpuCount += (long)Number(row[5]);
        ram += Number(row[6]);
        ramCount += (long)Number(row[7]);
    }

    public readonly MetricsBucket ToBucket(long fromUnixSeconds) => new(
        DateTimeOffset.FromUnixTimeSeconds(fromUnixSeconds), Mean(players, playersCount, decimals: 1), playersCount == 0 ? null : (int)playersMax,
        Mean(cpu, cpuCount, decimals: 2), Mean(ram, ramCount, decimals: 2));

    private static double? Mean(double sum, long count, int decimals) => count == 0 ? null : Math.Round(sum / count, decimals, MidpointRounding.AwayFromZero);

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? 0 : value.GetDouble();
}
