using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Discovery;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Memory;
using PackRelay.ServiceDefaults.Observability;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Reloaded;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the hub shares.</summary>
public static class ServiceDefaultsExtensions
{
    private const long SmallBodyBytes = 1024 * 1024;

    /// <summary>Lines per request, call or statement are what traces are for; the health probes alone would push everything else out of the log.</summary>
    private static readonly Dictionary<string, string?> QuietLogs = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        ["Logging:LogLevel:Npgsql"] = "Warning",
    };

    /// <summary>Observability, health checks, caller identity, JSON and request limits.</summary>
    public static void AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.AddObservability();
        builder.AddApiDocument();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<TrimAfterStart>();
        builder.Services.AddSingleton<ServiceEndpoints>();
        builder.Services.AddCallers();
        builder.Services.AddSingleton<PageCursors>();
        builder.Services.AddAnswerFormats();
        builder.Services.AddOptions<HubOptions>().BindConfiguration("Hub").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = SmallBodyBytes; // uploads raise it on their own routes
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        // First of all sources, so that appsettings and variables can say otherwise.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLogs });
    }

    /// <summary>Error envelope, span names and caller identity, in the order in which they must run.</summary>
    public static void UseServiceDefaults(this WebApplication app)
    {
        app.UseServerSpanNames();
        app.UseNativeErrors();
        app.UseCallers();
    }

    /// <summary><c>/health</c>: every check, for load balancers and the AppHost. <c>/alive</c>: the process itself.</summary>
    public static void MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") });
    }

    /// <summary>Brings the service's database up to date, then serves; with the argument <c>--migrate</c> it stops after the first.</summary>
    /// <param name="app">The service.</param>
    /// <param name="service">The assembly whose numbered scripts make its tables.</param>
    /// <param name="args">The command line.</param>
    public static async Task MigrateAndRunAsync(this WebApplication app, Assembly service, string[] args)
    {
        if (await app.TryWriteApiDocumentAsync(app.Lifetime.ApplicationStopping)) return;
        var migrations = ActivatorUtilities.CreateInstance<Migrations>(app.Services);
        await migrations.ApplyAsync([typeof(ServiceDefaultsExtensions).Assembly, service], app.Lifetime.ApplicationStopping);
        if (!args.Contains("--migrate", StringComparer.Ordinal)) await app.RunAsync();
    }
}
