using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.WebhookService.Deliveries;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Tests.Deliveries;

public sealed class AttemptLogTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Add_OfOneThatTheDatabaseRefuses_FailsItAloneAndStoresTheOthers()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/hook"), ["pack.updated"]);
        var (good, bad) = (await LeasedAsync(hook), await LeasedAsync(hook));
        var log = new AttemptLog(api.Services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new DeliveryOptions()), api.Clock, NullLogger<AttemptLog>.Instance);

        var stored = new[] { log.AddAsync(Answered(good, "fine")), log.AddAsync(Answered(bad, "no text column holds this: \0")) };
        log.Complete();
        await log.RunAsync(CancellationToken.None).WaitAsync(Testing.Wait.Default);

        await stored[0];
        Assert.Equal("22021", (await Assert.ThrowsAsync<PostgresException>(() => stored[1])).SqlState);
        Assert.Equal("fine", await api.ScalarAsync<string>("SELECT response_body FROM attempts WHERE delivery_id = $1", good.Id));
        Assert.Equal("pending", await api.ScalarAsync<string>("SELECT status FROM deliveries WHERE id = $1", bad.Id)); // until its lease ends
    }

    [Fact]
    public async Task Add_OfALeaseThatAnotherTookOver_ChangesNothing()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/hook"), ["pack.updated"]);
        var delivery = await LeasedAsync(hook);
        var log = new AttemptLog(api.Services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new DeliveryOptions()), api.Clock, NullLogger<AttemptLog>.Instance);

        await Task.WhenAll(log.AddAsync(Answered(delivery, "first")), RunAsync(log));
        var late = new AttemptLog(api.Services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new DeliveryOptions()), api.Clock, NullLogger<AttemptLog>.Instance);
        await Task.WhenAll(late.AddAsync(Answered(delivery, "second")), RunAsync(late));

        Assert.Equal("first", await api.ScalarAsync<string>("SELECT string_agg(response_body, ',') FROM attempts WHERE delivery_id = $1", delivery.Id));
    }

    private static Task RunAsync(AttemptLog log)
    {
        log.Complete();
        return log.RunAsync(CancellationToken.None).WaitAsync(Testing.Wait.Default);
    }

    private Outcome Answered(ClaimedDelivery delivery, string body) =>
        new(delivery, new Attempt(api.Clock.GetUtcNow(), 200, TimeSpan.FromMilliseconds(3), Error: null, body, RetryAfter: null, Signing: null), Verdict.Delivered, NextAttemptAt: null);

    /// <summary>A delivery that a worker has.</summary>
    private async Task<ClaimedDelivery> LeasedAsync(Hook hook)
    {
        var (id, now) = (Guid.NewGuid(), api.Clock.GetUtcNow());
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at, leased_until)
            VALUES ($1, $2, gen_random_uuid(), 'ping', 'ping', '\x7b7d', $3, $3, $3, $4)
            """,
            id, hook.Id, now, now.AddYears(1));
        return new ClaimedDelivery(id, hook.Id, "ping", "{}"u8.ToArray(), 0, 0, now, new Uri("https://receiver.example/hook"), new SealedSecret("", []), PreviousSecret: null, SecretNumber: 1);
    }
}
