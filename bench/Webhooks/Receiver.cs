using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace PackRelay.Webhooks;

/// <summary>Listens on every endpoint's address, checks each signature, and notes when the first byte of each delivery was there.</summary>
/// <param name="endpoints">The endpoints; of those with the same address and port one listener serves all paths.</param>
/// <param name="hanging">How many of them, the last, take a delivery and never answer.</param>
internal sealed class Receiver(BenchEndpoint[] endpoints, int hanging)
{
    private readonly Dictionary<string, int> numbers = endpoints.Index().ToDictionary(entry => $"{entry.Item.Address.Host}{entry.Item.Address.AbsolutePath}", entry => entry.Index, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, double> latencies = new(StringComparer.Ordinal); // ms from the event to the first byte, by the id of the delivery
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int badSignatures;
    private int repeated;
    private long lastMs;

    public async Task<object> RunAsync(int expected, TimeSpan patience, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var (host, port) in endpoints.Select(endpoint => (endpoint.Address.Host, endpoint.Address.Port)).Distinct()) kestrel.Listen(IPAddress.Parse(host), port);
        });
        await using var app = builder.Build();
        app.Run(context => ReceiveAsync(context, expected));
        await app.StartAsync(stop);
        await Console.Error.WriteLineAsync("listening");
        await all.Task.WaitAsync(patience, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var sorted = latencies.Values.Order().ToArray();
        return new
        {
            received = sorted.Length, badSignatures, repeated, lastMs,
            p50 = sorted.Length == 0 ? 0 : Math.Round(sorted[sorted.Length / 2], 1),
            p99 = sorted.Length == 0 ? 0 : Math.Round(sorted[sorted.Length * 99 / 100], 1),
        };
    }

    private async Task ReceiveAsync(HttpContext context, int expected)
    {
        var now = TimeProvider.System.GetUtcNow();
        var number = numbers[$"{context.Request.Host.Host}{context.Request.Path}"];
        if (number >= endpoints.Length - hanging)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var body = new byte[context.Request.ContentLength ?? 0];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        var (id, timestamp) = (context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString());
        if (context.Request.Headers["webhook-signature"] != endpoints[number].Sign(id, timestamp, body)) Interlocked.Increment(ref badSignatures);
        if (!latencies.TryAdd(id, (now - OccurredAt(body)).TotalMilliseconds)) Interlocked.Increment(ref repeated);
        else if (latencies.Count == expected)
        {
            lastMs = now.ToUnixTimeMilliseconds();
            all.TrySetResult();
        }
    }

    private static DateTimeOffset OccurredAt(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("occurredAt").GetDateTimeOffset();
    }
}
