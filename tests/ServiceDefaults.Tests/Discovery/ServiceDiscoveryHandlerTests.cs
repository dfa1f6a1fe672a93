using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Discovery;
using PackRelay.Testing.Http;

namespace PackRelay.ServiceDefaults.Tests.Discovery;

public sealed class ServiceDiscoveryHandlerTests
{
    [Fact]
    public async Task Send_ToSeveralReplicas_TakesTurns()
    {
        await using var first = await WebhookReceiver.StartAsync();
        await using var second = await WebhookReceiver.StartAsync();
        var client = ClientOf(first.Url, second.Url);

        for (var i = 0; i < 4; i++) (await client.GetAsync("/internal/thing?x=1")).EnsureSuccessStatusCode();

        Assert.Equal((2, 2), (first.Received.Count, second.Received.Count));
        Assert.All(first.Received.Concat(second.Received), request => Assert.Equal("/internal/thing?x=1", request.Target));
    }

    [Fact]
    public async Task Send_WithADeadReplica_GoesToTheOtherOne()
    {
        await using var alive = await WebhookReceiver.StartAsync();
        var client = ClientOf(new Uri($"http://127.0.0.1:{ClosedPort()}"), alive.Url);

        for (var i = 0; i < 4; i++) (await client.PostAsync("/", new StringContent("body"))).EnsureSuccessStatusCode();

        Assert.Equal(4, alive.Received.Count);
    }

    [Fact]
    public async Task Send_WithEveryReplicaDead_Fails() =>
        await Assert.ThrowsAsync<HttpRequestException>(() => ClientOf(new Uri($"http://127.0.0.1:{ClosedPort()}"), new Uri($"http://127.0.0.1:{ClosedPort()}")).GetAsync("/"));

    [Fact]
    public async Task Send_AnErrorStatus_IsTheCallersToJudge()
    {
        await using var failing = await WebhookReceiver.StartAsync();
        await using var other = await WebhookReceiver.StartAsync();
        failing.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        other.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));

        var answer = await ClientOf(failing.Url, other.Url).GetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(1, failing.Received.Count + other.Received.Count);
    }

    [Fact]
    public async Task Send_ToAnUnknownService_NamesTheVariable()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ClientOf().GetAsync("/"));
        Assert.Contains("services__catalog__http__0", error.Message, StringComparison.Ordinal);
    }

    private static HttpClient ClientOf(params Uri[] replicas) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(replicas.Select((replica, i) => KeyValuePair.Create($"services:catalog:http:{i}", (string?)replica.ToString())))
            .Build())
        .AddSingleton<ServiceEndpoints>()
        .AddServiceClient("catalog", TimeSpan.FromSeconds(10))
        .Services.BuildServiceProvider()
        .GetRequiredService<IHttpClientFactory>()
        .CreateClient("catalog");

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
