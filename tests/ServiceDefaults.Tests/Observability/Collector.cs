using PackRelay.Testing;
using PackRelay.Testing.Http;

namespace PackRelay.ServiceDefaults.Tests.Observability;

/// <summary>A span as the collector saw it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsServer">Whether it stands for a request that was served.</param>
/// <param name="IsError">Whether it ended in an error.</param>
/// <param name="Tags">Its attributes.</param>
internal sealed record CollectedSpan(string Name, bool IsServer, bool IsError, IReadOnlyDictionary<string, string> Tags);

/// <summary>Receives OTLP over HTTP on loopback and understands what the tests ask of it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebhookReceiver receiver;

    private Collector(WebhookReceiver receiver) => this.receiver = receiver;

    /// <summary>What a service is told to send everything here, soon.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url.ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_SERVICE_NAME", "test-service"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "50"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
    ];

    public IEnumerable<CollectedSpan> Spans => Items("/v1/traces").Select(span => new CollectedSpan(
        span.Text(5), span.Number(6) == 2, span.At(15).Any(status => status.Number(3) == 2), TagsOf(span.At(9))));

    public IEnumerable<string> Metrics => Items("/v1/metrics").Select(metric => metric.Text(1));

    public IEnumerable<string> LogLines => Items("/v1/logs").SelectMany(line => line.At(5)).Select(body => body.Text(1));

    /// <summary>Names of the services that sent traces, metrics and logs.</summary>
    public IEnumerable<string> ServicesOf(string signal) =>
        Requests(signal).SelectMany(request => request.At(1, 1)).Select(resource => TagsOf(resource.At(1))["service.name"]);

    public static async Task<Collector> StartAsync() => new(await WebhookReceiver.StartAsync());

    /// <summary>The first server span of a path, when it has come.</summary>
    public Task<CollectedSpan> SpanOfAsync(string path) => Wait.ForAsync(
        () => Task.FromResult(Spans.FirstOrDefault(span => span.Tags.GetValueOrDefault("url.path") == path)), $"the span of {path} is collected");

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    private IEnumerable<ProtobufMessage> Requests(string signal) =>
        receiver.Received.Where(request => request.Target == signal).Select(request => new ProtobufMessage(request.Body));

    /// <summary>Spans, metrics and log records all lie two levels below the resource.</summary>
    private IEnumerable<ProtobufMessage> Items(string signal) => Requests(signal).SelectMany(request => request.At(1, 2, 2));

    private static Dictionary<string, string> TagsOf(IEnumerable<ProtobufMessage> attributes)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in attributes)
            foreach (var value in attribute.At(2))
                tags[attribute.Text(1)] = value.Text(1) is { Length: > 0 } text ? text : $"{value.Number(3)}";
        return tags;
    }
}
