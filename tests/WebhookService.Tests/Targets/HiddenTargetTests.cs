using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PackRelay.WebhookService.Targets;
using PackRelay.WebhookService.Tests.Deliveries;

namespace PackRelay.WebhookService.Tests.Targets;

/// <summary>A service whose operator allowed no networks, and a name server in which anybody may have written anything.</summary>
public sealed class LyingNamesWebhookApi : WebhookApi
{
    /// <summary>Names of special addresses, each by the address with its dots and colons as dashes.</summary>
    public static string NameOf(string address) => $"{address.Replace('.', '-').Replace(':', '-')}.lying.example";

    public static IReadOnlyList<string> Addresses { get; } =
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::127.0.0.1", "2001::1", "2002:7f00:1::1", "fe80::1", "fd00::1", "ff02::1",
    ];

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings.Remove("Webhooks:AllowedNetworks");
    }

    protected override void ReplaceServices(IServiceCollection services)
    {
        var system = new HostNames();
        services.Replace(ServiceDescriptor.Singleton<HostResolver>((host, stop) =>
            Addresses.FirstOrDefault(address => NameOf(address) == host) is { } address
                ? Task.FromResult<IPAddress[]>([IPAddress.Parse(address)])
                : system.ResolveAsync(host, stop)));
    }
}

/// <summary>
/// Whatever way an address of this machine or its neighbours came to stand in a webhook, nothing is connected to: here the webhooks are already stored, as if the
/// check at their registration did not exist.
/// </summary>
public sealed class HiddenTargetTests(LyingNamesWebhookApi api) : IClassFixture<LyingNamesWebhookApi>
{
    private static readonly string[] Hosts =
    [
        "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "127.0.0.1.", "2130706433", "0x7f000001", "0x7F.0x0.0x0.0x1", "0x7f.1", "0177.0.0.1", "017700000001", "0177.0.0x0.1", "0", "0.0.0.0",
        "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]",
        "[fe80::1%251]", "localhost", "LOCALHOST", "localhost.", "user:password@127.0.0.1", "example.org@127.0.0.1", "example.org%40@[::1]", "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
    ];

    [Fact]
    public async Task Delivery_ToThisMachineInAnyNotation_SendsNotOneByte()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true; // every address of this machine, of both families
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var names = LyingNamesWebhookApi.Addresses.Select(LyingNamesWebhookApi.NameOf);
        var urls = Hosts.Concat(names).SelectMany(host => new[] { $"https://{host}:{port}/", $"http://{host}:{port}/" }).ToList();

        var owner = api.NewOwner("pro");
        foreach (var url in urls) await DeliverToAsync(owner, url);

        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM attempts") == urls.Count, $"all of {urls.Count} are tried");
        Assert.False(listener.Pending());
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM attempts WHERE status_code IS NOT NULL OR response_body IS NOT NULL OR error IS NULL"));
        // Nothing in the words tells a closed port from an open one, or one address from another.
        var errors = await api.ScalarAsync<string[]>("SELECT array_agg(DISTINCT error) FROM attempts");
        Assert.Subset(new HashSet<string>(["the host has no address on the public internet", "the host name has no address"], StringComparer.Ordinal), errors!.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Name_ThatLeadsElsewhereTheSecondTime_IsVettedTheSecondTime()
    {
        // 127.0.0.2 plays the public internet here: it is what is allowed.
        await using var inside = RawReceiver.Start((_, _) => Task.CompletedTask);
        var port = inside.Url().Port;
        using var outside = new TcpListener(IPAddress.Parse("127.0.0.2"), port);
        outside.Start();
        var answers = new Queue<IPAddress[]>(
            [[outside.Address()], [IPAddress.Loopback], [IPAddress.Loopback, outside.Address()], [IPAddress.IPv6Loopback, IPAddress.Loopback]]);
        var rules = new TargetRules(Options.Create(new TargetOptions { AllowedNetworks = "127.0.0.2/32" }));
        using var client = new TargetConnector(rules, (_, _) => Task.FromResult(answers.Dequeue())).CreateClient();
        var url = new Uri($"http://rebinding.example:{port}/");

        await AssertReachedAsync(client, url, outside);
        await AssertRefusedAsync(client, url);
        await AssertReachedAsync(client, url, outside);
        await AssertRefusedAsync(client, url);

        Assert.Equal(0, inside.Connections);
    }

    private static async Task AssertReachedAsync(HttpMessageInvoker client, Uri url, TcpListener listener)
    {
        var sending = SendAsync(client, url);
        using var socket = await listener.AcceptSocketAsync();
        Assert.True(await socket.ReceiveAsync(new byte[4096]) > 0);
        await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
        Assert.Equal(HttpStatusCode.NoContent, await sending);
    }

    private static async Task AssertRefusedAsync(HttpMessageInvoker client, Uri url)
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, url));
        Assert.IsType<TargetRefusedException>(failure.InnerException);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpMessageInvoker client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent([1]) };
        using var response = await client.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }

    private async Task DeliverToAsync(Owner owner, string url)
    {
        var hook = await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/"));
        await api.ExecuteAsync("UPDATE endpoints SET url = $2 WHERE id = $1", hook.Id, url);
        await WebhookApi.PingAsync(owner, hook);
    }
}

internal static class Listening
{
    public static IPAddress Address(this TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Address;
}
