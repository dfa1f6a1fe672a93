using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing;
using PackRelay.Testing.Servers;
using PackRelay.Testing.Services;

namespace PackRelay.ServiceDefaults.Tests.Outbox;

public sealed class OutboxTests : IAsyncLifetime
{
    private TestPostgres postgres = null!;
    private TestBroker broker = null!;
    private PublishingHost host = null!;

    public async Task InitializeAsync()
    {
        postgres = await TestPostgres.CreateAsync();
        broker = await TestBroker.CreateAsync();
        host = await PublishingHost.StartAsync(postgres.ConnectionString, broker.Address);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Commit_BeforeAnyConsumerEverStarted_WaitsInEveryDurableQueue()
    {
        await host.CommitAsync("pack:early", PublishingHost.Change("early", 1));

        await Wait.UntilAsync(async () => await host.WaitingAsync() == 0, "the outbox is drained");
        foreach (var subscription in Subscriptions.All)
            Assert.Equal(subscription.Events.Contains(typeof(PackChanged)) ? 1u : 0u, await broker.CountAsync(subscription.Queue));
    }

    [Fact]
    public async Task Commit_IsDeliveredWithItsIdAndItsText()
    {
        await using var probe = await ProbeAsync();
        var change = PublishingHost.Change("one", 1);

        await host.CommitAsync("pack:one", change);

        Assert.Equal(change, await probe.FirstAsync(received => received.EventId == change.EventId));
    }

    [Fact]
    public async Task Rollback_PublishesNothing()
    {
        await using var probe = await ProbeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Db.InTransactionAsync<bool>(
            async connection =>
            {
                await connection.PublishAsync("pack:gone", PublishingHost.Change("gone", 1), CancellationToken.None);
                throw new InvalidOperationException("rolled back");
            },
            CancellationToken.None));

        await host.CommitAsync("pack:after", PublishingHost.Change("after", 1));
        await probe.FirstAsync(received => received.Slug == "after");
        Assert.DoesNotContain(probe.Received, received => received.Slug == "gone");
    }

    [Fact]
    public async Task Commits_OfManyEntitiesThroughTwoRelays_ArriveOnceAndInOrderPerEntity()
    {
        await using var second = await PublishingHost.StartAsync(postgres.ConnectionString, broker.Address);
        await using var probe = await ProbeAsync();

        for (var revision = 1; revision <= 20; revision++)
            await Task.WhenAll(Enumerable.Range(0, 10).Select(pack => host.CommitAsync($"pack:{pack}", PublishingHost.Change($"many-{pack}", revision))));

        await Wait.UntilAsync(() => probe.Received.Count(received => received.Slug.StartsWith("many-", StringComparison.Ordinal)) >= 200, "all 200 events arrive");
        foreach (var pack in probe.Received.Where(received => received.Slug.StartsWith("many-", StringComparison.Ordinal)).GroupBy(received => received.Slug, StringComparer.Ordinal))
            Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), pack.Select(received => received.Revision));
    }

    [Fact]
    public async Task Commit_OfEventsOfOneType_SendsThemAsOneMessageInTheirOrder()
    {
        await using var probe = await ProbeAsync();
        var changes = Enumerable.Range(1, 5).Select(revision => PublishingHost.Change(revision % 2 == 0 ? "even" : "odd", revision)).ToArray();

        await host.CommitAsync([.. changes.Select(change => ($"pack:{change.Slug}", (IHubEvent)change))]);

        await Wait.UntilAsync(() => probe.Received.Count == 5, "all five arrive");
        Assert.Equal(changes, probe.Received);
        Assert.Equal(1u, await broker.CountAsync(Subscriptions.WebhookEvents.Queue));
    }

    [Fact]
    public async Task Commit_OfAnEventThatThisReleaseDoesNotKnow_HoldsUpItsEntityAlone()
    {
        await using var probe = await ProbeAsync();
        await host.Db.ExecuteAsync("INSERT INTO outbox (event_id, entity, event_type, body) VALUES (gen_random_uuid(), 'pack:new', 'OfALaterRelease', '{}')", CancellationToken.None);

        await host.CommitAsync("pack:new", PublishingHost.Change("behind", 1));
        await host.CommitAsync("pack:other", PublishingHost.Change("beside", 1));

        await probe.FirstAsync(received => received.Slug == "beside");
        await Wait.UntilAsync(async () => await host.WaitingAsync() == 2, "nothing else is left");
        Assert.DoesNotContain(probe.Received, received => received.Slug == "behind");
    }

    [Fact]
    public async Task Claim_WithALongBacklog_UsesIndexes()
    {
        await using var connection = await host.Db.OpenConnectionAsync();
        await connection.ExecuteAsync("SET enable_seqscan = off", CancellationToken.None);
        var plan = await connection.ListAsync("EXPLAIN " + OutboxPass.ClaimSql.Replace("$1", "500", StringComparison.Ordinal), row => row.GetString(0), CancellationToken.None);

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private Task<EventProbe<PackChanged>> ProbeAsync() => EventProbe<PackChanged>.StartAsync(broker, host.Services.GetRequiredService<IBus>());
}
