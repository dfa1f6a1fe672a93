using System.Globalization;
using System.Text;
using System.Text.Json;
using PackRelay.Generator;
using PackRelay.Heartbeats;

if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("""
        register --servers N --seed SECRET --account ID --identity CONNECTION --catalog CONNECTION --telemetry CONNECTION [--first 0] [--servers-per-token 100] [--first-token N]
                 adds the servers from the first on, and their tokens; with a first token of 0 tokens of another seed for servers that exist
        beat     --servers N --seed SECRET --gateway URL --seconds N [--servers-per-token 100] [--connections 64]
                 [--rate BEATS-A-SECOND]      open loop; without it closed
                 [--spike-percent 0]          share of the servers that beat in the first second of their period
                 [--burst 0]                  beats on top, within one second in the middle
                 [--first 0] [--beats N]      closed loop: the server to begin with, and the most beats
                 [--chaos kill:PID|stop:PID:SECONDS --chaos-at SECONDS]
                 [--influx URL --influx-user NAME --redis-port N]   reconciles what was acknowledged with what is stored; passwords in INFLUX_PASSWORD, REDIS_PASSWORD
                 prints one line of JSON; ends with 1 when an acknowledged beat is lost, doubled or unknown to the live state
        requests --servers N --seed SECRET --count N [--servers-per-token 100] [--first 0]
                 prints so many beats for wrk, one server after the other: path, body and credential, parted by tabs
        history  --servers N --influx URL --influx-user NAME
                 writes a day of points for each server, one every 30 s, and prints the query for each server's curve; password in INFLUX_PASSWORD
        """);
    return 2;
}

var options = new Arguments(args[1..]);
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
var stop = interrupted.Token;
var clock = TimeProvider.System;
var perToken = options.Number("servers-per-token", otherwise: 100);
var fleet = new Fleet(options.Number("servers"), perToken, options.Text("seed"));
return args[0] switch
{
    "register" => await RegisterAsync(),
    "beat" => await BeatAsync(),
    "requests" => await RequestsAsync(),
    "history" => await HistoryAsync(),
    _ => throw new ArgumentException($"'{args[0]}' is not a command.", nameof(args)),
};

async Task<int> RegisterAsync()
{
    var first = options.Number("first", otherwise: 0);
    var loader = new FleetLoader(fleet, Guid.Parse(options.Text("account")), clock.GetUtcNow() - TimeSpan.FromDays(1));
    await loader.RunAsync(options.Text("identity"), options.Text("catalog"), options.Text("telemetry"), first, options.Number("first-token", otherwise: (first + perToken - 1) / perToken), stop);
    return 0;
}

async Task<int> BeatAsync()
{
    var ledger = new Ledger(fleet.Count);
    var run = new LoadRun(fleet, ledger, new Uri(options.Text("gateway")), options.Number("connections", otherwise: 64));
    var (since, length, rate) = (clock.GetUtcNow(), TimeSpan.FromSeconds(options.Number("seconds")), options.Number("rate", otherwise: 0));
    var arrivals = rate == 0 ? [] : Schedule.Make(
        new(fleet.Count, rate, length, options.Number("spike-percent", otherwise: 0) / 100.0, options.Number("burst", otherwise: 0)), seed: 1);
    var striking = options.Has("chaos") ? Chaos.Parse(options.Text("chaos")).RunAsync(TimeSpan.FromSeconds(options.Number("chaos-at")), stop) : Task.CompletedTask;
    var result = rate == 0 ? await run.ClosedAsync(length, options.Number("first", otherwise: 0), options.Number("beats", otherwise: int.MaxValue), stop) : await run.OpenAsync(arrivals, stop);
    await striking;

    Verdict? verdict = null;
    if (options.Has("influx"))
    {
        verdict = new Verdict(
            ledger, new SeriesReader(new Uri(options.Text("influx")), options.Text("influx-user"), Secret("INFLUX_PASSWORD")), new LiveReader(options.Number("redis-port"), Secret("REDIS_PASSWORD")));
        await verdict.RunAsync(since, TimeSpan.FromMinutes(2), stop);
    }

    Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["sent"] = result.Sent,
        ["acknowledged"] = result.Acknowledged,
        ["refused"] = result.Refused,
        ["failed"] = result.Failed,
        ["broken"] = result.Broken,
        ["givenUp"] = result.GivenUp,
        ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
        ["perSecond"] = Math.Round(result.Acknowledged / Math.Max(result.Elapsed.TotalSeconds, length.TotalSeconds), 1),
        ["p50"] = Milliseconds(result.Latencies.Quantile(0.5)),
        ["p90"] = Milliseconds(result.Latencies.Quantile(0.9)),
        ["p99"] = Milliseconds(result.Latencies.Quantile(0.99)),
        ["p999"] = Milliseconds(result.Latencies.Quantile(0.999)),
        ["max"] = Milliseconds(result.Latencies.Max),
        ["requestBytes"] = result.Sent == 0 ? 0 : result.SentBytes / result.Sent,
        ["answerBytes"] = result.Sent == 0 ? 0 : result.ReceivedBytes / result.Sent,
        ["lost"] = verdict?.Found.Lost,
        ["doubled"] = verdict?.Found.Doubled,
        ["unexplained"] = verdict?.Found.Unexplained,
        ["unacknowledged"] = verdict?.Found.Unacknowledged,
        ["late"] = verdict?.Late,
        ["settledSeconds"] = verdict is null ? null : Math.Round(verdict.SettledAfter.TotalSeconds, 1),
        ["behind"] = verdict?.Found.Behind,
    }));
    return verdict is null || verdict.Found is { Lost: 0, Doubled: 0, Unexplained: 0, Behind: 0 } ? 0 : 1;
}

async Task<int> RequestsAsync()
{
    await using var output = new StreamWriter(Console.OpenStandardOutput());
    var body = new byte[BeatBody.MaxBytes];
    var (first, count) = (options.Number("first", otherwise: 0), options.Number("count"));
    for (var beat = 0; beat < count; beat++)
    {
        var server = (int)(((long)first + beat) % fleet.Count);
        var said = Encoding.UTF8.GetString(body, 0, BeatBody.Write(body, server, beat / fleet.Count));
        await output.WriteLineAsync($"/api/v1/servers/{Fleet.Slug(server)}/heartbeat\t{said}\tBearer {fleet.TokenOf(server)}".AsMemory(), stop);
    }

    return 0;
}

async Task<int> HistoryAsync()
{
    using var history = new SeriesHistory(new Uri(options.Text("influx")), options.Text("influx-user"), Secret("INFLUX_PASSWORD"));
    var now = clock.GetUtcNow();
    await history.WriteAsync(fleet.Count, now, stop);
    for (var server = 0; server < fleet.Count; server++) Console.WriteLine(SeriesHistory.QueryOf(server, now));
    return 0;
}

static double Milliseconds(TimeSpan latency) => Math.Round(latency.TotalMilliseconds, 3);

static string Secret(string name) => Environment.GetEnvironmentVariable(name) ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} is not set."), nameof(name));
