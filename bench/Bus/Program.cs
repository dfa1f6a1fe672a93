using System.Text.Json;
using PackRelay.Bus;
using PackRelay.Generator;

if (args is not ["raw", ..])
{
    await Console.Error.WriteLineAsync("""
        raw --broker ADDRESS --messages N --bytes N [--window 200]
            sends so many messages of so many bytes through a quorum queue of its own, with publisher confirms, and consumes them with acknowledgements; prints one line of JSON
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
var run = new RawRun(new Uri(options.Text("broker")), options.Number("messages"), options.Number("bytes"), options.Number("window", otherwise: 200));
var elapsed = await run.RunAsync(interrupted.Token);
Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
{
    ["messages"] = options.Number("messages"),
    ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
    ["perSecond"] = Math.Round(options.Number("messages") / elapsed.TotalSeconds, 1),
}));
return 0;
