using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;
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
            bus.Subscribe(new Subscription("ordered", typeof(PackChanged), typeof(PackRemoved)), typeof(Consumer));
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

    [Fact]
    public async Task Events_OfTwoTypesOfOneEntity_AreConsumedInTheOrderOfTheirCommits()
    {
        var release = consumption.HoldUp("mixed", revision: 1);
        await host.CommitAsync(
            ("pack:mixed", PublishingHost.Change("mixed", 1)),
            ("pack:mixed", new PackRemoved(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, "mixed", Revision: 2, Guid.Empty, "x")),
            ("pack:mixed", PublishingHost.Change("mixed", 3)),
            ("pack:mark", PublishingHost.Change("mark", 1)));

        await Wait.UntilAsync(() => consumption.Of("mark").Length == 1, "what came with them is consumed");
        Assert.Empty(consumption.Of("mixed"));
        release.SetResult();

        await Wait.UntilAsync(() => consumption.Of("mixed").Length == 3, "the three are consumed");
        Assert.Equal(Revisions(3), consumption.Of("mixed"));
    }

    [Fact]
    public async Task Event_ThatFailsForEver_IsPutAsideAloneAndNeitherHidesNorRepeatsTheOthers()
    {
        consumption.FailForEver("poisoned", revision: 2);
        await host.CommitAsync(
            ("pack:poisoned", PublishingHost.Change("poisoned", 1)),
            ("pack:poisoned", PublishingHost.Change("poisoned", 2)),
            ("pack:poisoned", PublishingHost.Change("poisoned", 3)),
            ("pack:healthy", PublishingHost.Change("healthy", 1)));

        await Wait.UntilAsync(() => consumption.Of("healthy").Length == 1, "the other entity does not wait");
        Assert.Equal([1], consumption.Of("poisoned"));
        await Wait.UntilAsync(async () => await broker.FailedAsync() is ["ordered_error"], "the event is put aside");
        Assert.Equal(1u, await broker.CountAsync("ordered_error"));
        Assert.Equal([1, 3], consumption.Of("poisoned"));
        Assert.Equal([1], consumption.Of("healthy"));
        Assert.Equal(5, consumption.TriesOf("poisoned", revision: 2)); // at once, after three pauses, and alone
    }

    [Fact]
    public async Task Events_OfMoreEntitiesThanMayRunAtOnce_TakeTurns()
    {
        var packs = Enumerable.Range(0, 150).Select(pack => $"crowd-{pack}").ToArray();
        var releases = packs.Select(pack => consumption.HoldUp(pack, revision: 1)).ToArray();
        await host.CommitAsync([.. packs.Select(pack => ($"pack:{pack}", (IHubEvent)PublishingHost.Change(pack, 1)))]);

        await Wait.UntilAsync(() => packs.Sum(pack => consumption.TriesOf(pack, revision: 1)) == 64, "as many as may are under way");
        Array.ForEach(releases, release => release.SetResult());
        await Wait.UntilAsync(() => packs.All(pack => consumption.Of(pack).Length == 1), "all are consumed");
        Assert.Equal(64, consumption.MostAtOnce);
    }

    private static IEnumerable<long> Revisions(int count) => Enumerable.Range(1, count).Select(revision => (long)revision);

    private Task<bool> CommitAsync(string slug, int revision) => host.CommitAsync($"pack:{slug}", PublishingHost.Change(slug, revision));

    private sealed class Consumer(Consumption consumption) : IEventConsumer<PackChanged>, IEventConsumer<PackRemoved>
    {
        public Task ConsumeAsync(PackChanged changed, CancellationToken cancellationToken) => consumption.ConsumeAsync(changed.Slug, changed.Revision);

        public Task ConsumeAsync(PackRemoved removed, CancellationToken cancellationToken) => consumption.ConsumeAsync(removed.Slug, removed.Revision);
    }

    /// <summary>What was consumed, and what is to happen on the way.</summary>
    private sealed class Consumption
    {
        private readonly ConcurrentQueue<(string Slug, long Revision)> done = new();
        private readonly ConcurrentQueue<(string Slug, long Revision)> tried = new();
        private readonly ConcurrentDictionary<(string Slug, long Revision), Task> holds = new();
        private readonly ConcurrentDictionary<(string Slug, long Revision), bool> failures = new(); // by whether it is for ever

        private int underWay;

        public int MostAtOnce { get; private set; }

        public TaskCompletionSource HoldUp(string slug, long revision)
        {
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            holds[(slug, revision)] = release.Task;
            return release;
        }

        public void FailOnce(string slug, long revision) => failures[(slug, revision)] = false;

        public void FailForEver(string slug, long revision) => failures[(slug, revision)] = true;

        public async Task ConsumeAsync(string slug, long revision)
        {
            var key = (slug, revision);
            tried.Enqueue(key);
            lock (holds) MostAtOnce = Math.Max(MostAtOnce, ++underWay);
            try
            {
                await ActAsync(key);
            }
            finally
            {
                lock (holds) underWay--;
            }
        }

        private async Task ActAsync((string Slug, long Revision) key)
        {
            if (holds.TryGetValue(key, out var hold)) await hold;
            if (failures.TryGetValue(key, out var isForEver) && (isForEver || failures.TryRemove(key, out _)))
                throw new InvalidOperationException("the test wants it to fail");
            await Task.Yield();
            done.Enqueue(key);
        }

        public long[] Of(string slug) => [.. done.Where(one => one.Slug == slug).Select(one => one.Revision)];

        public int TriesOf(string slug, long revision) => tried.Count(one => one == (slug, revision));
    }
}
