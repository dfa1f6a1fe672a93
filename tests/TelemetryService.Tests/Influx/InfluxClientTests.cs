using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Influx;
using PackRelay.Testing.Http;

namespace PackRelay.TelemetryService.Tests.Influx;

public sealed class InfluxClientTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a b", "a b")]
    [InlineData("a,b=c", "a,b=c")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("a\\\\b", "a\\\\b")]
    [InlineData("a\\", "a/")]
    [InlineData("a\\, b", "a/, b")]
    [InlineData("a\nb", "a b")]
    [InlineData("é漢🦊", "é漢🦊")]
    [InlineData("'; DROP DATABASE x", "'; DROP DATABASE x")]
    public async Task Write_TagWithCharactersThatMeanSomething_IsReadBackAsItWas(string value, string expected)
    {
        var name = $"m{Guid.NewGuid():N}";
        var lines = new LineProtocol();
        lines.Point(name).Tag("t", value).Field("f", 1).At(Now);
        Assert.Equal(InfluxWrite.Stored, await Client.WriteAsync(lines.Written, CancellationToken.None));

        using var answer = await Client.QueryAsync($"SELECT f FROM raw.{name} WHERE t = $t GROUP BY t", new Dictionary<string, object>(StringComparer.Ordinal) { ["t"] = expected }, CancellationToken.None);
        Assert.Equal(expected, answer.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("tags").GetProperty("t").GetString());
    }

    [Theory]
    [InlineData(0d)]
    [InlineData(-0.1)]
    [InlineData(12.34)]
    [InlineData(1e-7)]
    [InlineData(1e21)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public async Task Write_RealNumber_IsReadBackExactly(double value)
    {
        var name = $"m{Guid.NewGuid():N}";
        var lines = new LineProtocol();
        lines.Point(name).Field("f", value).Field("n", long.MaxValue).Field("z", long.MinValue + 1).At(Now);
        Assert.Equal(InfluxWrite.Stored, await Client.WriteAsync(lines.Written, CancellationToken.None));

        using var answer = await Client.QueryAsync($"SELECT f, n, z FROM raw.{name}", new Dictionary<string, object>(StringComparer.Ordinal), CancellationToken.None);
        var row = answer.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0];
        Assert.Equal((value, long.MaxValue, long.MinValue + 1), (row[1].GetDouble(), row[2].GetInt64(), row[3].GetInt64()));
    }

    [Fact]
    public async Task Write_FiveThousandLines_AreOneCompressedRequestAndAllStored()
    {
        var name = $"m{Guid.NewGuid():N}";
        var lines = new LineProtocol();
        for (var i = 0; i < 5_000; i++) lines.Point(name).Tag("server", Guid.NewGuid()).Field("f", i).At(Now + i);
        Assert.Equal(InfluxWrite.Stored, await Client.WriteAsync(lines.Written, CancellationToken.None));
        Assert.Contains(",5000,12497500]", await api.Influx.QueryAsync($"SELECT count(f), sum(f) FROM raw.{name}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my org", "the bucket", "/api/v2/write?org=my%20org&bucket=the%20bucket&precision=ns")]
    [InlineData(null, null, "/write?db=packrelay&precision=ns")]
    public async Task Write_WithAToken_SpeaksToInfluxDbTwo(string? org, string? bucket, string target)
    {
        await using var two = await WebhookReceiver.StartAsync();
        two.Answer(_ => new(HttpStatusCode.NoContent));
        var client = Of(two, new InfluxOptions { Token = "secret", Org = org, Bucket = bucket });
        var lines = new LineProtocol();
        for (var i = 0; i < 200; i++) lines.Point("heartbeat").Tag("server", Guid.Empty).Field("players", i).At(Now + i);

        Assert.Equal(InfluxWrite.Stored, await client.WriteAsync(lines.Written, CancellationToken.None));

        var request = Assert.Single(two.Received);
        Assert.Equal(("POST", target, "Token secret", "gzip"), (request.Method, request.Target, request.Headers["Authorization"], request.Headers["Content-Encoding"]));
        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress));
        Assert.Equal(Encoding.UTF8.GetString(lines.Written.Span), await unpacked.ReadToEndAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, InfluxWrite.Refused)]
    [InlineData(HttpStatusCode.Unauthorized, InfluxWrite.Unavailable)]
    [InlineData(HttpStatusCode.TooManyRequests, InfluxWrite.Unavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, InfluxWrite.Unavailable)]
    internal async Task Write_ThatIsRefused_IsAnOutageUnlessTheBytesAreToBlame(HttpStatusCode status, InfluxWrite expected)
    {
        await using var two = await WebhookReceiver.StartAsync();
        two.Answer(_ => new(status));
        Assert.Equal(expected, await Of(two, new InfluxOptions { Token = "secret", Org = "o" }).WriteAsync("m f=1 1"u8.ToArray(), CancellationToken.None));
    }

    private InfluxClient Client => api.Services.GetRequiredService<InfluxClient>();

    private long Now => InfluxClient.ToNanoseconds(api.Clock.GetUtcNow());

    private static InfluxClient Of(WebhookReceiver receiver, InfluxOptions options) => new(new Clients(receiver.Url), Options.Create(options));

    private sealed class Clients(Uri address) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new() { BaseAddress = address };
    }
}
