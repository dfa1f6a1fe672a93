using MassTransit;
using PackRelay.Contracts;
using PackRelay.Testing.Http;
using PackRelay.Testing.Servers;
using PackRelay.Testing.Services;

namespace PackRelay.WebhookService.Tests.Events;

/// <summary>Two replicas on a broker of their own; the one in this process, whose clock stands, is on another and takes no part.</summary>
public sealed class TwoReplicasTests(WebhookApi api) : IClassFixture<WebhookApi>, IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3); // two processes start, and a lease may have to end

    private TestBroker broker = null!;

    public async Task InitializeAsync() => broker = await TestBroker.CreateAsync();

    public async Task DisposeAsync() => await broker.DisposeAsync();

    [Fact]
    public async Task Events_OfOnePackWithTwoReplicas_AreRecordedInOrderAlsoWhenOneIsKilled()
    {
        const int Count = 200;
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var settings = new Dictionary<string, string?>(api.ReplicaSettings, StringComparer.Ordinal) { ["ConnectionStrings:messaging"] = broker.Address.ToString() };
        await using var first = ServiceProcess.Start(typeof(Program).Assembly, settings);
        await Testing.Wait.UntilAsync(async () => await ConsumersAsync() == 1, "the first replica consumes", Long);
        await using var second = ServiceProcess.Start(typeof(Program).Assembly, settings);
        await Testing.Wait.UntilAsync(async () => await ConsumersAsync() == 2, "the second one waits for its turn", Long);
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(broker.Address));
        await bus.StartAsync();

        await PublishAsync(bus, owner.Id, 1, Count / 2);
        await Testing.Wait.UntilAsync(async () => await RecordedAsync(hook) >= Count / 4, "a part is recorded", Long);
        await first.KillAsync(); // the one that was active, most likely amid the rest
        await PublishAsync(bus, owner.Id, (Count / 2) + 1, Count);

        await Testing.Wait.UntilAsync(async () => await RecordedAsync(hook) == Count, "all are recorded", Long);
        await bus.StopAsync();
        var recorded = await api.ScalarAsync<string[]>(
            "SELECT array_agg(convert_from(body, 'UTF8')::json #>> ARRAY['data', 'name'] ORDER BY position) FROM deliveries WHERE endpoint_id = $1", hook.Id);
        Assert.Equal(Enumerable.Range(1, Count).Select(Name), recorded);
        await Testing.Wait.UntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE status <> 'delivered'") == 0, "all are delivered", Long);
    }

    private static string Name(int number) => $"change {number}";

    /// <summary>A message for each, so that replicas that shared them would have every other one.</summary>
    private async Task PublishAsync(IBusControl bus, Guid ownerId, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            var changed = api.PackChanged(ownerId, created: false) with { Name = Name(number) };
            await bus.Publish(new EventBatch<PackChanged>([new("pack:vector-one", null, changed)]));
        }
    }

    private Task<int> ConsumersAsync() => broker.ConsumersAsync(Subscriptions.WebhookEvents.Queue);

    private Task<long> RecordedAsync(Hook hook) => api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE endpoint_id = $1", hook.Id);
}
