using Microsoft.Extensions.Configuration;

namespace PackRelay.LocalHosting.Variables;

/// <summary>Where telemetry goes and how, as Aspire tells every project.</summary>
/// <param name="Endpoint">Collector's address; empty turns the export off.</param><param name="Protocol"><c>grpc</c> or <c>http/protobuf</c>.</param>
/// <param name="ApiKey">Key for the collector, if it wants one.</param><param name="IsDevelopment">Export at once and everything, for a person who is watching.</param>
internal sealed record OtlpExport(string Endpoint, string Protocol, string? ApiKey, bool IsDevelopment)
{
    public static OtlpExport From(IConfiguration configuration, bool isDevelopment)
    {
        var apiKey = configuration["AppHost:OtlpApiKey"];
        if (configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { } grpc)
            return new(grpc, "grpc", apiKey, isDevelopment);
        if (configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] is { } http)
            return new(http, "http/protobuf", apiKey, isDevelopment);
        return new("http://localhost:18889", "grpc", apiKey, isDevelopment);
    }

    /// <param name="serviceName">Name of the resource.</param><param name="instanceId">Eight lower-case letters, different for each replica.</param>
    public IEnumerable<(string Name, string Value)> Variables(string serviceName, string instanceId)
    {
        yield return ("OTEL_EXPORTER_OTLP_ENDPOINT", Endpoint);
        yield return ("OTEL_EXPORTER_OTLP_PROTOCOL", Protocol);
        yield return ("OTEL_SERVICE_NAME", serviceName);
        yield return ("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instanceId}");
        if (!string.IsNullOrEmpty(ApiKey))
            yield return ("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={ApiKey}");
        if (IsDevelopment)
        {
            yield return ("OTEL_BLRP_SCHEDULE_DELAY", "1000");
            yield return ("OTEL_BSP_SCHEDULE_DELAY", "1000");
            yield return ("OTEL_METRIC_EXPORT_INTERVAL", "1000");
            yield return ("OTEL_TRACES_SAMPLER", "always_on");
            yield return ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based");
        }

        yield return ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES", "true");
        yield return ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "true");
        yield return ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
    }
}
