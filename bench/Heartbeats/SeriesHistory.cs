using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace PackRelay.Heartbeats;

/// <summary>Writes a day of points straight into InfluxDB, for what reads them.</summary>
internal sealed class SeriesHistory : IDisposable
{
    private const int SecondsBetweenPoints = 30;

    private const int PointsPerDay = 86_400 / SecondsBetweenPoints;

    private const int BucketSeconds = 1_800;

    private readonly HttpClient client;

    public SeriesHistory(Uri influx, string user, string password)
    {
        client = new HttpClient { BaseAddress = influx };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    /// <summary>The points of the day before a moment, a write for two servers.</summary>
    public async Task WriteAsync(int servers, DateTimeOffset until, CancellationToken stop)
    {
        foreach (var pair in Enumerable.Range(0, servers).Chunk(2))
        {
            var lines = new StringBuilder();
            foreach (var server in pair)
                for (var point = 0; point < PointsPerDay; point++) lines.Append(CultureInfo.InvariantCulture, $"{LineOf(server, point, until)}\n");
            using var content = new StringContent(lines.ToString());
            using var answer = await client.PostAsync(new Uri("/write?db=packrelay&rp=raw&precision=s", UriKind.Relative), content, stop);
            answer.EnsureSuccessStatusCode();
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>The path of the query that gives the server's curve: what the metrics route asks, with the numbers in place.</summary>
    public static string QueryOf(int server, DateTimeOffset now)
    {
        var to = ((now.ToUnixTimeSeconds() / BucketSeconds) + 1) * BucketSeconds;
        var statement = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT sum(players), count(players), max(players), sum(cpu), count(cpu), sum(ram), count(ram) FROM raw.heartbeat
            WHERE server = '{Fleet.ServerId(server)}' AND time >= {to - 86_400}s AND time < {to}s GROUP BY time({BucketSeconds}s) fill(none)
            """).ReplaceLineEndings(" ");
        return $"/query?db=packrelay&epoch=s&q={Uri.EscapeDataString(statement)}";
    }

    private static string LineOf(int server, int point, DateTimeOffset until)
    {
        var players = (server + (point / 20)) % 64;
        var time = until.ToUnixTimeSeconds() - ((long)(PointsPerDay - point) * SecondsBetweenPoints);
        return string.Create(CultureInfo.InvariantCulture, $"heartbeat,server={Fleet.ServerId(server)} players={players}i,max_players=64i,cpu={point % 100}.5,ram=40.25 {time}");
    }
}
