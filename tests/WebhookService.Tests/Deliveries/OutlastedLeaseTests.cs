using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Testing;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>The database takes no outcome for longer than a lease lasts.</summary>
public sealed class OutlastedLeaseTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Claim_OfWhatWaitsForItsOutcomeToBeStored_IsNotSentAgain()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var (db, options, id) = (api.Services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new DeliveryOptions()), Guid.CreateVersion7());
        var clock = new SteppedClock(api.Clock.GetUtcNow().AddHours(1)); // ahead of the service's own worker, for which nothing is due
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
            VALUES ($1, $2, gen_random_uuid(), 'ping', 'ping', '\x7b7d', $3, $3, $3)
            """,
            id, hook.Id, clock.GetUtcNow());
        var log = new AttemptLog(db, options, clock, NullLogger<AttemptLog>.Instance); // stores nothing until it runs
        var pass = new DeliveryPass(
            new DeliveryQueue(db, options, clock), api.Services.GetRequiredService<DeliverySender>(), new RetrySchedule(options), log, new DeliverySignal(),
            api.Services.GetRequiredService<DeliveryMetrics>(), options, NullLogger<DeliveryPass>.Instance);

        await pass.RunAsync(CancellationToken.None, CancellationToken.None);
        await receiver.CountAsync(1);
        clock.Advance(options.Value.Lease + TimeSpan.FromSeconds(1));
        await pass.RunAsync(CancellationToken.None, CancellationToken.None);
        Assert.Equal(clock.GetUtcNow() + options.Value.Lease, await api.ScalarAsync<DateTimeOffset>("SELECT leased_until FROM deliveries WHERE id = $1", id)); // it was claimed anew

        var draining = pass.DrainAsync();
        var storing = log.RunAsync(CancellationToken.None);
        await draining.WaitAsync(Wait.Default);
        log.Complete();
        await storing.WaitAsync(Wait.Default);
        Assert.Single(receiver.Received);
        var delivery = await WebhookApi.AttemptsAsync(owner, hook, id, 1);
        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Single(delivery.GetProperty("attempts").EnumerateArray());
    }
}
