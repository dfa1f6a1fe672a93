using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PackRelay.ServiceDefaults.Observability;

/// <summary>
/// Traces, metrics and logs over OTLP, built from the sources that the framework and the libraries have themselves; the instrumentation packages
/// add nothing that is missing here. Without <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing is exported and nothing is collected.
/// </summary>
internal static class ObservabilityFeature
{
    /// <summary>Share of the requests that are traced, when <c>OTEL_TRACES_SAMPLER</c> says nothing: to trace each costs more than to answer it.</summary>
    private const double TracedShare = 0.05;

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Yarp.ReverseProxy", "PackRelay.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Runtime",
        "Npgsql", "MassTransit", "Yarp.ReverseProxy", "PackRelay.*",
    ];

    public static void AddObservability(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;

        // The exporter reads endpoint, protocol and headers from the OTEL_ settings; name and instance come from them as well. Providers that are built
        // by hand would know the process' variables only, and send elsewhere than the rest of the configuration says.
        void UseSettings(IServiceCollection services) => services.AddSingleton<IConfiguration>(builder.Configuration);
        var resource = ResourceBuilder.CreateDefault().AddTelemetrySdk().AddEnvironmentVariableDetector();
        var isSamplerChosen = !string.IsNullOrEmpty(builder.Configuration["OTEL_TRACES_SAMPLER"]);
        builder.Services.AddSingleton(_ =>
        {
            var tracing = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(UseSettings)
                .SetResourceBuilder(resource)
                .AddSource(Sources)
                .AddProcessor(new ServerSpans())
                .AddOtlpExporter();
            if (!isSamplerChosen) tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(TracedShare)));
            return tracing.Build();
        });
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(UseSettings)
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddHostedService<TelemetryLifetime>();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.SetResourceBuilder(resource);
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.AddOtlpExporter();
        });
    }

    /// <summary>
    /// Creates the providers at start, so that they see the first request, and sends what they hold at the end. A collector that is away must not hold the
    /// process up: left to themselves the three would each wait for seconds, one after the other.
    /// </summary>
    private sealed class TelemetryLifetime(TracerProvider tracers, MeterProvider meters, LoggerProvider logs) : IHostedService
    {
        private const int PatienceMilliseconds = 1_000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => tracers.Shutdown(PatienceMilliseconds), CancellationToken.None),
            Task.Run(() => meters.Shutdown(PatienceMilliseconds), CancellationToken.None),
            Task.Run(() => logs.Shutdown(PatienceMilliseconds), CancellationToken.None));
    }
}
