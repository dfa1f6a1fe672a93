using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Targets;

namespace PackRelay.WebhookService.Tests.Targets;

public sealed class TargetConnectorTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("１２７.0.0.1")]
    public async Task Send_ToThisMachineUnderAnyName_OpensNoConnection(string host)
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        foreach (var scheme in new[] { "https", "http" })
        {
            var failure = await Record.ExceptionAsync(() => SendAsync("", new Uri($"{scheme}://{host}:{port}/")));
            Assert.IsType<HttpRequestException>(failure);
        }

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Send_ToAnAllowedNetwork_Arrives()
    {
        await using var receiver = await WebhookReceiver.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await SendAsync("127.0.0.0/8", receiver.Url));
    }

    [Fact]
    public async Task Send_ToARedirect_DoesNotFollowIt()
    {
        await using var inner = await WebhookReceiver.StartAsync();
        await using var outer = await WebhookReceiver.StartAsync();
        outer.Answer(_ => new ReceiverAnswer(HttpStatusCode.TemporaryRedirect, Headers: new Dictionary<string, string> { ["Location"] = inner.Url.ToString() }));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, await SendAsync("127.0.0.0/8", outer.Url));
        Assert.Empty(inner.Received);
    }

    private static async Task<HttpStatusCode> SendAsync(string allowed, Uri url)
    {
        var rules = new TargetRules(Options.Create(new TargetOptions { AllowedNetworks = allowed }));
        using var client = new TargetConnector(rules, new HostNames().ResolveAsync).CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent([1]) };
        using var response = await client.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }
}
