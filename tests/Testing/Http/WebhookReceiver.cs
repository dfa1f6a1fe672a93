using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PackRelay.Testing.Http;

/// <summary>A request as it came in.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Path with query.</param>
/// <param name="Headers">Headers by name in any case; several values are joined by a comma.</param>
/// <param name="Body">The body's bytes, unchanged: signatures are over them.</param>
/// <param name="ReceivedAt">When it was complete.</param>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset ReceivedAt);

/// <summary>An answer to a request.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Text of the body.</param>
/// <param name="Delay">Wait before it is given; ends early when the sender hangs up.</param>
/// <param name="Headers">Further headers, such as Retry-After.</param>
/// <param name="Until">It is given when this ends; at once when it is null or the sender hangs up.</param>
public sealed record ReceiverAnswer(HttpStatusCode Status, string Body = "", TimeSpan Delay = default, IReadOnlyDictionary<string, string>? Headers = null, Task? Until = null);

/// <summary>An HTTP server on loopback that records what it gets and answers as it is told; 200 when it is told nothing.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedRequest> received = new();
    private readonly ConcurrentQueue<ReceiverAnswer> nextAnswers = new();
    private volatile Func<ReceivedRequest, ReceiverAnswer> answer = static _ => new ReceiverAnswer(HttpStatusCode.OK);

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>Address of the root; every path below it is answered.</summary>
    public Uri Url => new(app.Urls.Single() + "/");

    /// <summary>What has been received so far, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Received => [.. received];

    /// <summary>Starts a receiver.</summary>
    /// <param name="port">Port on 127.0.0.1; 0 takes a free one.</param>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(receiver.HandleAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>How requests are answered from now on, when no <see cref="AnswerNext"/> is left.</summary>
    public void Answer(Func<ReceivedRequest, ReceiverAnswer> with) => answer = with;

    /// <summary>How the next request that has no answer yet is answered.</summary>
    public void AnswerNext(ReceiverAnswer with) => nextAnswers.Enqueue(with);

    /// <summary>The first request that fits, which may have come already; the test fails when it does not come in time.</summary>
    public Task<ReceivedRequest> FirstAsync(Func<ReceivedRequest, bool>? fits = null, TimeSpan? timeout = null) => Wait.ForAsync(
        () => Task.FromResult(received.FirstOrDefault(fits ?? (static _ => true))), "a request that fits is received", timeout);

    /// <summary>Waits until so many requests have come, and gives all.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> CountAsync(int count, TimeSpan? timeout = null)
    {
        await Wait.UntilAsync(() => received.Count >= count, $"{count} requests are received", timeout);
        return Received;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // At once: a sender that keeps its connection open must not hold the test up.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new ReceivedRequest(
            context.Request.Method,
            context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent(),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            TimeProvider.System.GetUtcNow());
        received.Enqueue(request);
        var reply = nextAnswers.TryDequeue(out var next) ? next : answer(request);
        if (reply.Delay > TimeSpan.Zero)
            await Task.Delay(reply.Delay, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reply.Until is { } until)
            await until.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Response.StatusCode = (int)reply.Status;
        foreach (var (name, value) in reply.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(reply.Body, context.RequestAborted);
    }
}
