using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Tests.Outbox;
using PackRelay.Testing;
using PackRelay.Testing.Servers;

namespace PackRelay.ServiceDefaults.Tests.Messaging;

public sealed class SubscribeTests : IAsyncLifetime
{
    private readonly Consumption consumption = new();
    private TestPostgres postgres = null!;
    private TestBroker broker = null!;
    private PublishingHost host = null!;

    public async Task InitializeAsync()
    {
        postgres = await TestPostgres.CreateAsync();
        broker = await TestBroker.CreateAsync();
        host = await PublishingHost.StartAsync(postgres.ConnectionString, broker.Address, (services, bus) =>
        {
            services.AddSingleton(consumption);
            bus.Subscribe(new Subscription("ordered", typeof(PackChanged)), typeof(Consumer));
        });
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Events_OfOneEntity_WaitForEachOtherWhileOthersGoOn()
    {
        var release = consumption.HoldUp("held", revision: 1);
        for (var revision = 1; revision <= 20; revision++) await CommitAsync("held", revision);
        await CommitAsync("free", 1);

        await Wait.UntilAsync(() => consumption.Of("free").Length == 1, "another entity's event is consumed meanwhile");
        Assert.Empty(consumption.Of("held"));
        release.SetResult();

        await Wait.UntilAsync(() => consumption.Of("held").Length == 20, "the held events are consumed");
        Assert.Equal(Revisions(20), consumption.Of("held"));
    }

    [Fact]
    public async Task Events_AfterOneThatFails_WaitUntilItSucceeded()
    {
        consumption.FailOnce("failing", revision: 2);
        for (var revision = 1; revision <= 5; revision++) await CommitAsync("failing", revision);

        await Wait.UntilAsync(() => consumption.Of("failing").Length == 5, "all events are consumed");
        Assert.Equal(Revisions(5), consumption.Of("failing"));
    }

    [Fact]
    public async Task Events_OfManyEntitiesAtOnce_AreConsumedInOrderPerEntity()
    {
        var packs = Enumerable.Range(0, 20).Select(pack => $"many-{pack}").ToArray();
        await Task.WhenAll(packs.Select(async pack =>
        {
            for (var revision = 1; revision <= 25; revision++) await CommitAsync(pack, revision);
        }));

        await Wait.UntilAsync(() => packs.Sum(pack => consumption.Of(pack).Length) == 500, "all events are consumed");
        Assert.All(packs, pack => Assert.Equal(Revisions(25), consumption.Of(pack)));
    }

    private static IEnumerable<long> Revisions(int count) => Enumerable.Range(1, count).Select(revision => (long)revision);

    private Task<bool> CommitAsync(string slug, int revision) => host.CommitAsync($"pack:{slug}", PublishingHost.Change(slug, revision));

    private sealed class Consumer(Consumption consumption) : IConsumer<PackChanged>
    {
        public Task Consume(ConsumeContext<PackChanged> context) => consumption.ConsumeAsync(context.Message);
    }

    /// <summary>What was consumed, and what is to happen on the way.</summary>
    private sealed class Consumption
    {
        private readonly ConcurrentQueue<PackChanged> done = new();
        private readonly ConcurrentDictionary<(string Slug, long Revision), Task> holds = new();
        private readonly ConcurrentDictionary<(string Slug, long Revision), bool> failures = new();

        public TaskCompletionSource HoldUp(string slug, long revision)
        {
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            holds[(slug, revision)] = release.Task;
            return release;
        }

        public void FailOnce(string slug, long revision) => failures[(slug, revision)] = true;

        public async Task ConsumeAsync(PackChanged change)
        {
            var key = (change.Slug, change.Revision);
            if (holds.TryGetValue(key, out var hold)) await hold;
            if (failures.TryRemove(key, out _)) throw new InvalidOperationException("the test wants it to fail once");
            await Task.Yield();
            done.Enqueue(change);
        }

        public long[] Of(string slug) => [.. done.Where(change => change.Slug == slug).Select(change => change.Revision)];
    }
}
