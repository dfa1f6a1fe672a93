using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Metrics;

/// <summary><c>GET /api/v1/servers/{slug}/metrics?window=&amp;buckets=</c>: players, processor and memory over time. Public.</summary>
internal static class GetServerMetrics
{
    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}/metrics", HandleAsync).WithName(nameof(GetServerMetrics))
        .TakesChoice("window", "How far back the curves reach.", ["1h", "6h", "24h", "7d", "30d"], MetricsWindow.DefaultName)
        .TakesQuery("buckets", "How many points.", new { type = "integer", minimum = 1, maximum = MetricsWindow.MostBuckets, @default = MetricsWindow.DefaultBuckets }, code: MetricsFeature.InvalidBuckets);

    internal static async Task<Results<Ok<MetricsResponse>, ApiError>> HandleAsync(
        string slug, string? window, string? buckets, ServerDirectory directory, MetricsQuery query, TimeProvider clock, CancellationToken stop)
    {
        if (await directory.FindAsync(slug, stop) is not { } server) return ApiError.NotFound(ServersFeature.ServerNotFound, "server", slug);

        var now = clock.GetUtcNow();
        var count = MetricsWindow.DefaultBuckets;
        if (buckets is not null && (!int.TryParse(buckets, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MetricsWindow.MostBuckets))
            return ApiError.BadRequest(MetricsFeature.InvalidBuckets, $"buckets: 1 to {MetricsWindow.MostBuckets}");
        if (MetricsWindow.Of(window ?? MetricsWindow.DefaultName, count, now) is not { } span)
            return ApiError.BadRequest(MetricsFeature.InvalidWindow, $"window: {MetricsWindow.Names}");

        try
        {
            var series = await query.ReadAsync(server.Id, span, now, stop);
            return TypedResults.Ok(new MetricsResponse(slug, span.Name, span.BucketSeconds, Time(span.FromUnixSeconds), Time(span.ToUnixSeconds), series));
        }
        catch (InfluxUnavailableException)
        {
            return ApiError.Unavailable(MetricsFeature.MetricsUnavailable, "the store of metrics");
        }
    }

    private static DateTimeOffset Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
}

/// <summary>A server's curves. Errors, by <c>code</c>: <c>invalid_window</c> and <c>invalid_buckets</c> 400, <c>server_not_found</c> 404, <c>metrics_unavailable</c> 503.</summary>
/// <param name="Slug">The server.</param>
/// <param name="Window"><c>1h</c>, <c>6h</c>, <c>24h</c> (default), <c>7d</c> or <c>30d</c>.</param>
/// <param name="BucketSeconds">Length of a bucket in seconds.</param>
/// <param name="From">Start of the first bucket, UTC.</param>
/// <param name="To">End of the last bucket, which contains now, UTC.</param>
/// <param name="Buckets">As many as asked for (1 to 500, default 48), oldest first, also where nothing was heard.</param>
public sealed record MetricsResponse(string Slug, string Window, long BucketSeconds, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<MetricsBucket> Buckets);

/// <summary>One bucket; its numbers are null when no heartbeat in it said them.</summary>
/// <param name="T">Its start, UTC.</param>
/// <param name="Players">Mean of the players, one decimal.</param>
/// <param name="PlayersMax">Most players.</param>
/// <param name="Cpu">Mean processor load in percent, two decimals.</param>
/// <param name="Ram">Mean memory load in percent, two decimals.</param>
public sealed record MetricsBucket(DateTimeOffset T, double? Players, int? PlayersMax, double? Cpu, double? Ram);
