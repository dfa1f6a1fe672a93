using System.Text.Json;
using PackRelay.Generator;
using PackRelay.Webhooks;

if (args is not (["receive" or "bare", ..]))
{
    await Console.Error.WriteLineAsync("""
        receive --endpoints FILE --expect N [--hanging 0] [--seconds 120]
                listens on the addresses of the endpoints until so many deliveries have come to those that do not hang (the last so many do), and prints one line of JSON
        bare    --endpoints FILE --events N --bytes N --concurrency N
                sends so many bodies to each endpoint, signed, and stores nothing; prints one line of JSON
        A line of the file is an endpoint: its address, a tab, its secret.
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
var endpoints = (await File.ReadAllLinesAsync(options.Text("endpoints"), interrupted.Token)).Select(BenchEndpoint.Parse).ToArray();
object result = args[0] == "receive"
    ? await new Receiver(endpoints, options.Number("hanging", otherwise: 0)).RunAsync(options.Number("expect"), TimeSpan.FromSeconds(options.Number("seconds", otherwise: 120)), interrupted.Token)
    : await new BareLoop(endpoints, options.Number("concurrency")).RunAsync(options.Number("events"), options.Number("bytes"), interrupted.Token);
Console.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
return 0;
