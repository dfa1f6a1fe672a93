using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PackRelay.LocalHosting.Running;
using PackRelay.LocalHosting.Servers;

namespace PackRelay.LocalHosting.StatusPage;

/// <summary>Serves the status page on loopback.</summary>
internal sealed class StatusPageServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CancellationTokenSource closing;

    private StatusPageServer(WebApplication app, CancellationTokenSource closing, string url)
    {
        this.app = app;
        this.closing = closing;
        Url = url;
    }

    public string Url { get; }

    public static async Task<StatusPageServer> StartAsync(
        int port, ResourceBoard board, IReadOnlyDictionary<string, ConsoleLog> logs, RevealedSecrets secrets, TimeProvider clock, CancellationToken stop)
    {
        port = port == 0 ? FreePorts.Next() : port;
        // An empty builder: the AppHost's ASPNETCORE_ variables and settings are not for this page.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, PageLifetime>();
        var page = builder.Build();
        var ended = new CancellationTokenSource();
        page.Use(next => context => StatusPageGuard.CheckHostAsync(context, next));
        page.UseRouting();
        page.MapGet("/", PageAsync);
        page.MapGet("/events", context => StatusStream.WriteAsync(context, board, clock, ended.Token));
        page.MapGet("/logs/{name}", context => LogStream.WriteAsync(context, logs, ended.Token));
        page.MapPost("/secrets", context => SecretsAsync(context, secrets));
        await page.StartAsync(stop);
        return new(page, ended, $"http://localhost:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await app.DisposeAsync();
        closing.Dispose();
    }

    private static async Task PageAsync(HttpContext context)
    {
        using var page = new StreamReader(typeof(StatusPageServer).Assembly.GetManifestResourceStream("status-page.html")!, Encoding.UTF8);
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        await context.Response.WriteAsync((await page.ReadToEndAsync(context.RequestAborted)).Replace("{{nonce}}", nonce, StringComparison.Ordinal), context.RequestAborted);
    }

    private static async Task SecretsAsync(HttpContext context, RevealedSecrets secrets)
    {
        if (!StatusPageGuard.IsOwnOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await context.Response.WriteAsJsonAsync(new { parameters = secrets.Parameters, connectionStrings = secrets.ConnectionStrings }, context.RequestAborted);
    }

    /// <summary>The AppHost alone decides when to stop: without this, the page would go at the first signal, before what it shows has stopped.</summary>
    private sealed class PageLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
