using System.Globalization;
using System.Text;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Metrics;

/// <summary>
/// <c>GET /api/v1/servers/{slug}/players.svg</c>: the players of the last 24 hours as a small curve, for pages elsewhere; where nothing was heard it has
/// a gap. Errors: <c>server_not_found</c> 404, <c>metrics_unavailable</c> 503.
/// </summary>
internal static class GetPlayersSparkline
{
    private const int Buckets = 96; // of a quarter of an hour

    private const int Width = 2 * Buckets;

    private const int Height = 40;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}/players.svg", HandleAsync).WithName(nameof(GetPlayersSparkline))
        .Answers(200, "The curve.", "image/svg+xml");

    private static async Task<IResult> HandleAsync(string slug, ServerDirectory directory, MetricsQuery query, TimeProvider clock, CancellationToken stop)
    {
        if (await directory.FindAsync(slug, stop) is not { } server) return ApiError.NotFound(ServersFeature.ServerNotFound, "server", slug);
        var now = clock.GetUtcNow();
        try
        {
            return new SvgAnswer(Draw(await query.ReadAsync(server.Id, MetricsWindow.Of(MetricsWindow.DefaultName, Buckets, now)!, now, stop)), MaxAge);
        }
        catch (InfluxUnavailableException)
        {
            return ApiError.Unavailable(MetricsFeature.MetricsUnavailable, "the store of metrics");
        }
    }

    /// <summary>One line per stretch without a gap; its text holds numbers only.</summary>
    internal static string Draw(IReadOnlyList<MetricsBucket> buckets)
    {
        var most = buckets.Max(bucket => bucket.Players) ?? 0;
        var path = new StringBuilder();
        for (var i = 0; i < buckets.Count; i++)
        {
            if (buckets[i].Players is not { } players) continue;
            var y = Height - 2 - (most == 0 ? 0 : players / most * (Height - 4));
            var isFirst = i == 0 || buckets[i - 1].Players is null;
            path.Append(CultureInfo.InvariantCulture, $"{(isFirst ? 'M' : 'L')}{i * Width / buckets.Count} {y:0.#}");
            if (isFirst) path.Append("h1"); // a point alone would not be seen
        }

        var peak = buckets.Max(bucket => bucket.PlayersMax) ?? 0;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" role="img" aria-label="Players in the last 24 hours, at most {peak}">
            <title>Players in the last 24 hours, at most {peak}</title>
            <path d="{path}" fill="none" stroke="#1565c0" stroke-width="1.5" stroke-linejoin="round"/>
            </svg>
            """);
    }
}
