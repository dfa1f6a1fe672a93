using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A receiver of many requests that knows how many of each path it had at a time, and in which order they came.</summary>
internal sealed class CountingReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, int> underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> most = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Path, string Body)> received = new();
    private readonly HttpStatusCode status;
    private int allUnderWay;
    private int mostInAll;

    private CountingReceiver(WebApplication app, HttpStatusCode status) => (this.app, this.status) = (app, status);

    public Uri Url => new(app.Urls.Single() + "/");

    /// <summary>What has come, in the order of its arrival.</summary>
    public IReadOnlyCollection<(string Path, string Body)> Received => received;

    /// <summary>By path, the most requests that were under way at a time.</summary>
    public IReadOnlyDictionary<string, int> Most => most;

    /// <summary>The most requests of all paths that were under way at a time.</summary>
    public int MostInAll => mostInAll;

    public static async Task<CountingReceiver> StartAsync(HttpStatusCode status = HttpStatusCode.OK)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var receiver = new CountingReceiver(builder.Build(), status);
        receiver.app.Run(receiver.HandleAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var now = underWay.AddOrUpdate(path, 1, static (_, count) => count + 1);
        most.AddOrUpdate(path, now, (_, before) => Math.Max(before, now));
        var all = Interlocked.Increment(ref allUnderWay);
        for (var before = mostInAll; all > before; before = mostInAll) Interlocked.CompareExchange(ref mostInAll, all, before);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        received.Enqueue((path, Encoding.UTF8.GetString(body.ToArray())));
        await Task.Delay(TimeSpan.FromMilliseconds(1)); // long enough for others to come meanwhile
        Interlocked.Decrement(ref allUnderWay);
        underWay.AddOrUpdate(path, 0, static (_, count) => count - 1);
        context.Response.StatusCode = (int)status;
    }
}
