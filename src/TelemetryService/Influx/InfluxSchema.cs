using Microsoft.Extensions.Options;

namespace PackRelay.TelemetryService.Influx;

/// <summary>
/// The series <c>heartbeat</c> in two resolutions: every beat for 7 days, and 5-minute sums for 90 days that a continuous query keeps. The sums
/// stand beside their counts, so that any larger bucket has an exact mean.
/// </summary>
internal sealed class InfluxSchema(InfluxClient influx, IOptions<InfluxOptions> options)
{
    public const string RawPolicy = "raw";

    public const string RawSeries = "raw.heartbeat";

    public const string RollupSeries = "rollup.heartbeat_5m";

    public static TimeSpan RollupInterval { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What InfluxDB is asked to sum up in one statement.</summary>
    public static TimeSpan RollupStretch { get; } = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan RawDuration = TimeSpan.FromDays(7);

    private static readonly Dictionary<string, object> NoParameters = [];

    private static readonly TimeSpan RollupTimeout = TimeSpan.FromMinutes(1); // all servers of the hub; nobody waits for it

    private readonly string database = $"\"{options.Value.Database}\"";

    private readonly bool owned = options.Value.OwnsSchema;

    /// <summary>Creates what is missing; what exists already stays as it is.</summary>
    /// <exception cref="InfluxUnavailableException">InfluxDB does not answer.</exception>
    public async Task EnsureAsync(CancellationToken stop)
    {
        if (!owned) return;
        string[] statements =
        [
            $"CREATE DATABASE {database}",
            $"CREATE RETENTION POLICY {RawPolicy} ON {database} DURATION 7d REPLICATION 1 SHARD DURATION 1d DEFAULT",
            $"CREATE RETENTION POLICY rollup ON {database} DURATION 90d REPLICATION 1 SHARD DURATION 7d",
            // Each run sums the interval before up once more, for the points that were under way at its end; whatever comes later is summed up when it comes.
            $"CREATE CONTINUOUS QUERY heartbeat_5m ON {database} RESAMPLE EVERY 5m FOR 10m BEGIN {RollUp()} GROUP BY time(5m), server END",
        ];
        foreach (var statement in statements)
        {
            try
            {
                (await influx.QueryAsync(statement, NoParameters, stop)).Dispose();
            }
            catch (InfluxUnavailableException error) when (error.Message.EndsWith("already exists", StringComparison.Ordinal))
            {
                // An operator gave it another duration, which is theirs to choose.
            }
        }
    }

    /// <summary>
    /// Sums a stretch of the raw series up again, for points that came later than the continuous query looks back. It begins with a whole interval; of one that
    /// it ends in, it sums up what it has.
    /// </summary>
    /// <exception cref="InfluxUnavailableException">InfluxDB does not answer.</exception>
    public async Task RollUpAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        if (!owned) return;
        var times = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["from"] = (from - TimeSpan.FromTicks(from.Ticks % RollupInterval.Ticks)).UtcDateTime.ToString("O"),
            ["to"] = to.UtcDateTime.ToString("O"),
        };
        (await influx.QueryAsync($"{RollUp()} WHERE time >= $from AND time < $to GROUP BY time(5m), server", times, RollupTimeout, stop)).Dispose();
    }

    /// <summary>Sums up what the continuous query missed while InfluxDB was not running.</summary>
    /// <exception cref="InfluxUnavailableException">InfluxDB does not answer.</exception>
    public async Task CatchUpAsync(DateTimeOffset now, CancellationToken stop)
    {
        if (!owned) return;
        for (var from = await NewestRollupAsync(now - RawDuration, stop); from < now; from += RollupStretch)
            await RollUpAsync(from, from + RollupStretch < now ? from + RollupStretch : now, stop);
    }

    private async Task<DateTimeOffset> NewestRollupAsync(DateTimeOffset oldest, CancellationToken stop)
    {
        var times = new Dictionary<string, object>(StringComparer.Ordinal) { ["oldest"] = oldest.UtcDateTime.ToString("O") };
        using var answer = await influx.QueryAsync($"SELECT last(players_count) FROM {database}.{RollupSeries} WHERE time >= $oldest", times, RollupTimeout, stop);
        return answer.RootElement.GetProperty("results")[0].TryGetProperty("series", out var series)
            ? DateTimeOffset.FromUnixTimeSeconds(series[0].GetProperty("values")[0][0].GetInt64())
            : oldest;
    }

    private string RollUp() => $"""
        SELECT sum(players) AS players_sum, count(players) AS players_count, max(players) AS players_max,
               sum(cpu) AS cpu_sum, count(cpu) AS cpu_count, sum(ram) AS ram_sum, count(ram) AS ram_count
          INTO {database}.rollup.heartbeat_5m FROM {database}.raw.heartbeat
        """;
}

/// <summary>Creates the schema as soon as InfluxDB answers, and sums up what was not while it did not; until then beats go to the spool.</summary>
internal sealed partial class InfluxSchemaWorker(InfluxSchema schema, TimeProvider clock, ILogger<InfluxSchemaWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1); // also heals a server that came back with an empty disk

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (failing, caughtUp) = (false, false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schema.EnsureAsync(stoppingToken);
                if (!caughtUp) await schema.CatchUpAsync(clock.GetUtcNow(), stoppingToken);
                (failing, caughtUp) = (false, true);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failing) NotReady(error); // once per outage
                (failing, caughtUp) = (true, false);
            }

            await Task.Delay(failing ? Pause : Recheck, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "InfluxDB cannot be prepared yet; trying again until it can")]
    private partial void NotReady(Exception error);
}
