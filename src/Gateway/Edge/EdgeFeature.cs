using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using PackRelay.Gateway.Edge;
using Yarp.ReverseProxy.Model;

namespace Microsoft.Extensions.Hosting;

/// <summary>The face to the outside: where the gateway listens, what it takes in, and what every answer carries.</summary>
internal static class EdgeFeature
{
    private const string DefaultUrl = "http://localhost:8080";

    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EdgeOptions>().BindConfiguration("Gateway").ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.UseUrls(builder.Configuration["Gateway:Url"] ?? builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl);
        builder.Services.AddSingleton<EdgeMetrics>().AddSingleton<SolderHeaders>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, AnswerBlocks.Factory>();
        // Nothing in the gateway blocks: a request goes on where it was read, and is sent where it was answered, without waiting for another thread.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<EdgeOptions>>((kestrel, edge) => Limit(kestrel, edge.Value));
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<EdgeOptions>>((forwarded, edge) => Trust(forwarded, edge.Value));
    }

    /// <summary>First in the pipeline: the client's address is what a trusted proxy says.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.TrustedNetworks.Count > 0) app.UseForwardedHeaders();
    }

    /// <summary>Before everything that looks at headers: nothing behind it sees one that only the gateway may set.</summary>
    public static void UseEdge(this WebApplication app) => app.UseMiddleware<EdgeMiddleware>();

    /// <summary>Behind the routing: answers the preflights of routes that exist.</summary>
    public static void UsePreflights(this WebApplication app) => app.Use((context, next) =>
        Cors.IsPreflight(context.Request) && context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not null
            ? Cors.AnswerPreflight(context.Response) // on the Solder dialect's routes the origin is judged when the answer starts
            : next(context));

    private static void Limit(KestrelServerOptions kestrel, EdgeOptions edge)
    {
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.Limits.MaxConcurrentConnections = edge.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = edge.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = edge.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new(edge.MinimumBytesPerSecond, edge.DataRateGrace);
        kestrel.Limits.MinResponseDataRate = new(edge.MinimumBytesPerSecond, edge.DataRateGrace);
    }

    private static void Trust(ForwardedHeadersOptions forwarded, EdgeOptions edge)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        forwarded.ForwardLimit = null; // as far back as the chain of trusted proxies reaches
        forwarded.KnownProxies.Clear(); // the framework would trust loopback
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in edge.TrustedNetworks) forwarded.KnownIPNetworks.Add(network);
    }
}
