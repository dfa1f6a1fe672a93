using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.Gateway.Edge;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Edge;

public sealed class LimitTests(LimitTests.Impatient api) : IClassFixture<LimitTests.Impatient>
{
    [Fact]
    public void Kestrel_AsConfigured_HasEveryLimit()
    {
        var limits = api.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal((3, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), (limits.MaxConcurrentConnections, limits.RequestHeadersTimeout, limits.KeepAliveTimeout));
        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod));
        Assert.Equal((1024 * 1024, 32 * 1024), (limits.MaxRequestBodySize, limits.MaxRequestHeadersTotalSize));
    }

    [Fact]
    public async Task Request_WhoseHeadersDoNotEnd_IsCutOff()
    {
        var answer = await RawHttp.SendAsync(api.Url, $"GET /api/v1/packs HTTP/1.1\r\nHost: {api.Url.Authority}\r\nX-Slow: ");
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    /// <summary>What Kestrel cannot read as HTTP it answers itself, before any code of the gateway's: docs/API.md says so. Should it ever give these a body, it must be the native one.</summary>
    [Theory]
    [InlineData("GET /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nX-Big: {1}\r\n\r\n", 40_000, "431 Request Header Fields Too Large")]
    [InlineData("GET /api/v1/packs?q={1} HTTP/1.1\r\nHost: {0}\r\n\r\n", 9_000, "414 URI Too Long")]
    [InlineData("GET /api/v1/packs HTTP/1.1\r\nX: {1}\r\n\r\n", 1, "400 Bad Request")]
    [InlineData("GET /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nHost: {0}\r\nX: {1}\r\n\r\n", 1, "400 Bad Request")]
    [InlineData("nonsense{1}\r\nHost: {0}\r\n\r\n", 1, "400 Bad Request")]
    [InlineData("POST /api/v1/packs HTTP/1.1\r\nHost: {0}\r\nContent-Length: -{1}\r\n\r\n", 1, "400 Bad Request")]
    public async Task Request_ThatIsNoHttp_IsRefusedByTheServerWithoutABody(string head, int length, string status)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, head, api.Url.Authority, new string('a', length));
        var answer = await RawHttp.SendAsync(api.Url, text);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 0\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_OverTheLimit_IsClosed()
    {
        var connections = new List<TcpClient>();
        for (var i = 0; i < 6; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(api.Url.Host, api.Url.Port);
            connections.Add(client);
        }

        using var patience = new CancellationTokenSource();
        var closing = connections.Select(client => IsClosedAsync(client, patience.Token)).ToList();
        await Wait.UntilAsync(() => closing.Count(closed => closed.IsCompletedSuccessfully && closed.Result) >= 3, "those over the limit are closed"); // idle ones live for 2 min
        await patience.CancelAsync();
        await Task.WhenAll(closing);
        connections.ForEach(client => client.Dispose());
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return (await RawHttp.GetAsync(api.Url, "/alive")).StartsWith("HTTP/1.1 ", StringComparison.Ordinal);
                }
                catch (IOException)
                {
                    return false;
                }
            },
            "there is room again");
    }

    [Theory]
    [InlineData("10.0.0.0/8, 192.0.2.1,2001:db8::/32", true)]
    [InlineData("", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("proxy.example.org", false)]
    public void Options_TrustedProxies_AreAddressesOrNetworks(string value, bool expected)
    {
        var options = new EdgeOptions { TrustedProxies = value };
        Assert.Equal(expected, !options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)).Any());
    }

    private static async Task<bool> IsClosedAsync(TcpClient client, CancellationToken stop)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], stop) == 0;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public sealed class Impatient : GatewayApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Gateway:MaxConnections"] = "3";
            settings["Gateway:HeadersTimeout"] = "00:00:01";
        }
    }
}
