using PackRelay.Contracts;
using PackRelay.LocalHosting.Servers;
using PackRelay.Testing;
using PackRelay.Testing.Servers;
using RabbitMQ.Client;

namespace PackRelay.ServiceDefaults.Tests.Outbox;

/// <summary>With a broker of its own, which is killed.</summary>
public sealed class BrokerOutageTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("packrelay-broker-").FullName;

    private TestPostgres postgres = null!;
    private RabbitMqServer broker = null!;

    public async Task InitializeAsync()
    {
        postgres = await TestPostgres.CreateAsync();
        broker = await StartBrokerAsync(port: 0);
    }

    public async Task DisposeAsync()
    {
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Commit_WhileTheBrokerIsDead_IsDeliveredWhenItIsBack()
    {
        await using var host = await PublishingHost.StartAsync(postgres.ConnectionString, new Uri(broker.ConnectionString));
        await host.CommitAsync("pack:x", PublishingHost.Change("x", 1));
        await Wait.UntilAsync(async () => await host.WaitingAsync() == 0, "the first event is sent");

        var port = broker.Port;
        await broker.DisposeAsync();
        await host.CommitAsync("pack:x", PublishingHost.Change("x", 2));
        Assert.Equal(1, await host.WaitingAsync());

        broker = await StartBrokerAsync(port);
        await Wait.UntilAsync(async () => await host.WaitingAsync() == 0, "the second event is sent", TimeSpan.FromSeconds(60));
        var factory = new ConnectionFactory { Uri = new Uri(broker.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        Assert.Equal(2u, await channel.MessageCountAsync(Subscriptions.WebhookEvents.Queue));
    }

    private Task<RabbitMqServer> StartBrokerAsync(int port) =>
        RabbitMqServer.StartAsync(new RabbitMqServerOptions { DataDirectory = folder, Port = port, Password = "broker-outage" }, CancellationToken.None);
}
