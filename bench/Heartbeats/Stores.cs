using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace PackRelay.Heartbeats;

/// <summary>Reads the points of beats from InfluxDB itself, around the hub.</summary>
internal sealed class SeriesReader(Uri influx, string user, string password)
{
    /// <summary>The points since a moment: server and players, as <see cref="ParseLine"/> gives them.</summary>
    public async Task ReadAsync(DateTimeOffset since, Action<Guid, int> point, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = influx, Timeout = TimeSpan.FromMinutes(2) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/query", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["db"] = "packrelay",
                ["chunked"] = "true",
                ["epoch"] = "ms",
                ["q"] = string.Create(CultureInfo.InvariantCulture, $"SELECT players, server FROM raw.heartbeat WHERE time >= {since.ToUnixTimeMilliseconds()}ms"),
            }),
        };
        request.Headers.Accept.Add(new("application/csv"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        while (await lines.ReadLineAsync(stop) is { } line)
            if (ParseLine(line) is var (server, players)) point(server, players);
    }

    /// <summary>Reads <c>heartbeat,,time,players,server</c>; null for heads and empty lines.</summary>
    /// <exception cref="InvalidDataException">InfluxDB reports an error.</exception>
    internal static (Guid Server, int Players)? ParseLine(string line)
    {
        if (line.StartsWith("error", StringComparison.Ordinal)) throw new InvalidDataException(line);
        var parts = line.Split(',');
        return parts.Length == 5 && Guid.TryParse(parts[4], out var server) ? (server, int.Parse(parts[3], CultureInfo.InvariantCulture)) : null;
    }
}

/// <summary>Reads the live state from Redis itself, with its own command line client.</summary>
internal sealed class LiveReader(int port, string password)
{
    private const string SeenOf = "HGET telemetry:live:";

    /// <summary>When each server was last seen; null for one that Redis does not know.</summary>
    public async Task<DateTimeOffset?[]> ReadAsync(int servers, CancellationToken stop)
    {
        var start = new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["REDISCLI_AUTH"] = password }, // a command line can be read by everybody
        };
        using var client = Process.Start(start) ?? throw new InvalidOperationException("redis-cli does not start.");
        var writing = Task.Run(
            async () =>
            {
                await using var input = client.StandardInput;
                for (var server = 0; server < servers; server++) await input.WriteLineAsync($"{SeenOf}{Fleet.ServerId(server)} seen".AsMemory(), stop);
            },
            stop);
        var seen = new DateTimeOffset?[servers];
        for (var server = 0; server < servers; server++)
        {
            var line = await client.StandardOutput.ReadLineAsync(stop) ?? throw new InvalidDataException("redis-cli ended early.");
            seen[server] = long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        await writing;
        return seen;
    }
}
