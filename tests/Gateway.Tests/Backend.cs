using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PackRelay.Gateway.Tests;

/// <summary>Stands behind the gateway in a service's place and writes down what arrives. Health probes are answered and not written down.</summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication app;

    private Backend(string name)
    {
        Name = name;
        Handler = context => context.Response.WriteAsync(Name);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public string Name { get; }

    /// <summary>What it answers with; by default its name.</summary>
    public Func<HttpContext, Task> Handler { get; set; }

    /// <summary>What it answers to the gateway's probes.</summary>
    public Func<HttpContext, Task> Probe { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<Arrival> Arrivals { get; } = new();

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<Backend> StartAsync(string name)
    {
        var backend = new Backend(name);
        await backend.app.StartAsync();
        return backend;
    }

    /// <summary>The arrivals whose target contains a text that the test made up.</summary>
    public Arrival[] Of(string text) => [.. Arrivals.Where(arrival => arrival.Target.Contains(text, StringComparison.Ordinal))];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/alive")
        {
            await Probe(context);
            return;
        }

        Arrivals.Enqueue(new Arrival(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await Handler(context);
    }
}

/// <summary>A request as a service saw it.</summary>
public sealed record Arrival(string Method, string Target, IReadOnlyDictionary<string, string> Headers);
