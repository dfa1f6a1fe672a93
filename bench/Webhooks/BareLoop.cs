using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace PackRelay.Webhooks;

/// <summary>The least that can be done: each body signed and sent, as many at a time as the hub sends, and nothing written down.</summary>
internal sealed class BareLoop(BenchEndpoint[] endpoints, int concurrency)
{
    public async Task<object> RunAsync(int events, int bytes, CancellationToken stop)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        var started = TimeProvider.System.GetUtcNow();
        await Parallel.ForAsync(0, events * endpoints.Length, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = stop }, (number, cancel) =>
            SendAsync(client, endpoints[number % endpoints.Length], bytes, cancel));
        return new { startedMs = started.ToUnixTimeMilliseconds() };
    }

    private static async ValueTask SendAsync(HttpMessageInvoker client, BenchEndpoint endpoint, int bytes, CancellationToken stop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (id, timestamp) = ($"{Guid.CreateVersion7(now)}", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var head = $$"""{"event":"pack.version_published","deliveryId":"{{id}}","occurredAt":"{{now:O}}","data":" """;
        var body = Encoding.UTF8.GetBytes($"{head}{new string('x', Math.Max(0, bytes - head.Length - 2))}\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", endpoint.Sign(id, timestamp, body));
        using var response = await client.SendAsync(request, stop);
        response.EnsureSuccessStatusCode();
    }
}
