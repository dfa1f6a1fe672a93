using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace PackRelay.TelemetryService.Influx;

/// <summary>How a write ended.</summary>
internal enum InfluxWrite
{
    /// <summary>Every point is stored.</summary>
    Stored,

    /// <summary>The server does not answer, or cannot take it at the moment. It may have stored the points: writing them again changes nothing.</summary>
    Unavailable,

    /// <summary>The server will never take these bytes.</summary>
    Refused,
}

/// <summary>InfluxDB's <c>/write</c> and <c>/query</c>.</summary>
internal sealed class InfluxClient(IHttpClientFactory clients, IOptions<InfluxOptions> options)
{
    public const string ServiceName = "influxdb";

    private const int WorthCompressingBytes = 4 * 1024; // below it gzip costs more than loopback or a LAN gains

    /// <summary>Half of the gateway's patience with this service: who asks for a curve is to hear that InfluxDB is away, not that nobody answers.</summary>
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);

    private readonly InfluxOptions settings = options.Value;

    private readonly AuthenticationHeaderValue? authorization = Authorization(options.Value);

    private readonly Uri writeUri = new(WritePath(options.Value), UriKind.Relative);

    /// <summary>Stores points given in line protocol with time stamps in nanoseconds.</summary>
    public async Task<InfluxWrite> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.WriteTimeout); // real time, also under a stepped clock: sockets do not know of that
        using var request = new HttpRequestMessage(HttpMethod.Post, writeUri) { Content = Compressed(lines) };
        try
        {
            using var answer = await SendAsync(request, limit.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.NoContent or HttpStatusCode.OK => InfluxWrite.Stored,
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => InfluxWrite.Refused,
                _ => InfluxWrite.Unavailable, // also 401 and 404: a setting or a database that an operator can bring back
            };
        }
        catch (Exception error) when (IsOutage(error, stop))
        {
            return InfluxWrite.Unavailable;
        }
    }

    /// <summary>Runs InfluxQL statements; values are bound as <c>$name</c>, never pasted in. Time stamps of the answer are in seconds.</summary>
    /// <exception cref="InfluxUnavailableException">No answer in time, or a refusal.</exception>
    public Task<JsonDocument> QueryAsync(string statements, IReadOnlyDictionary<string, object> parameters, CancellationToken stop) =>
        QueryAsync(statements, parameters, QueryTimeout, stop);

    /// <inheritdoc cref="QueryAsync(string, IReadOnlyDictionary{string, object}, CancellationToken)"/>
    public async Task<JsonDocument> QueryAsync(string statements, IReadOnlyDictionary<string, object> parameters, TimeSpan timeout, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["db"] = settings.Store,
            ["epoch"] = "s",
            ["q"] = statements,
            ["params"] = JsonSerializer.Serialize(parameters),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/query", UriKind.Relative)) { Content = new FormUrlEncodedContent(form) };
        try
        {
            using var answer = await SendAsync(request, limit.Token);
            if (!answer.IsSuccessStatusCode) throw new InfluxUnavailableException($"InfluxDB answered {(int)answer.StatusCode}.");
            await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
            var document = await JsonDocument.ParseAsync(body, cancellationToken: limit.Token);
            return FindError(document.RootElement) is { } refusal ? throw new InfluxUnavailableException(refusal) : document;
        }
        catch (Exception error) when (IsOutage(error, stop) || error is JsonException)
        {
            throw new InfluxUnavailableException("InfluxDB does not answer.", error);
        }
    }

    /// <summary>Nanoseconds since 1970, as the write API wants them.</summary>
    public static long ToNanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        request.Headers.Authorization = authorization;
        using var influx = clients.CreateClient(ServiceName);
        return await influx.SendAsync(request, stop);
    }

    private static HttpContent Compressed(ReadOnlyMemory<byte> lines)
    {
        if (lines.Length < WorthCompressingBytes) return new ReadOnlyMemoryContent(lines);
        var packed = new MemoryStream(lines.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(lines.Span);
        packed.Position = 0;
        return new StreamContent(packed) { Headers = { ContentEncoding = { "gzip" } } };
    }

    /// <summary>A statement may fail inside an answer of 200.</summary>
    private static string? FindError(JsonElement root)
    {
        if (root.TryGetProperty("error", out var whole)) return whole.GetString();
        if (!root.TryGetProperty("results", out var results)) return null;
        foreach (var result in results.EnumerateArray())
            if (result.TryGetProperty("error", out var one)) return one.GetString();
        return null;
    }

    private static bool IsOutage(Exception error, CancellationToken stop) =>
        error is HttpRequestException or IOException || (error is OperationCanceledException && !stop.IsCancellationRequested);

    private static string WritePath(InfluxOptions options) => options switch
    {
        { OwnsSchema: true } => $"/write?db={options.Database}&precision=ns&rp={InfluxSchema.RawPolicy}",
        { Org: { Length: > 0 } org } => $"/api/v2/write?org={Uri.EscapeDataString(org)}&bucket={Uri.EscapeDataString(options.Store)}&precision=ns",
        _ => $"/write?db={Uri.EscapeDataString(options.Store)}&precision=ns",
    };

    private static AuthenticationHeaderValue? Authorization(InfluxOptions options)
    {
        if (!string.IsNullOrEmpty(options.Token)) return new("Token", options.Token);
        if (string.IsNullOrEmpty(options.Username)) return null;
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password}")));
    }
}

/// <summary>InfluxDB did not answer a query. Expected during its outages.</summary>
internal sealed class InfluxUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
