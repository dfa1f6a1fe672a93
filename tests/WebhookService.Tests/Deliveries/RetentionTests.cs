using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A service that looks for due deliveries once a minute only, for tests that let days pass.</summary>
public sealed class PatientWebhookApi : WebhookApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Webhooks:Delivery:PollInterval"] = "00:01:00";
    }
}

/// <summary>The log is kept for 30 days.</summary>
public sealed class RetentionTests(PatientWebhookApi api) : IClassFixture<PatientWebhookApi>
{
    [Fact]
    public async Task Log_After30Days_IsSweptWithItsAttemptsAndNothingElse()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var old = await DeliveredAsync(owner, hook);
        var asked = await DeliveredAsync(owner, hook);
        await FillAsync(hook, 2_500); // more than two batches
        api.Clock.Advance(TimeSpan.FromHours(2));
        var young = await DeliveredAsync(owner, hook);
        await api.ExecuteAsync(
            "INSERT INTO feed (account_id, endpoint_id, at, event, reason) VALUES ($1, $2, $3, 'webhook.disabled', 'failing')",
            owner.Id, hook.Id, api.Clock.GetUtcNow().AddHours(-2));

        await AdvanceAsync(TimeSpan.FromDays(30) - TimeSpan.FromHours(3));
        await api.ExecuteAsync("UPDATE deliveries SET status = 'pending', next_attempt_at = $2 WHERE id = $1", asked, api.Clock.GetUtcNow().AddDays(2)); // it is to go out again
        Assert.Equal(2_503, await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE endpoint_id = $1", hook.Id));
        api.Clock.Advance(TimeSpan.FromHours(2));

        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE endpoint_id = $1", hook.Id) == 2, "the old ones are gone");
        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM feed") == 0, "so is the feed");
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM attempts WHERE delivery_id = $1", old));
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM attempts WHERE delivery_id = $1", young));
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM attempts WHERE delivery_id = $1", asked));
    }

    [Fact]
    public async Task Log_OfADisabledWebhook_IsSweptToo()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri("http://127.0.0.1:9/"));
        var waiting = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, waiting, 1);
        await api.ExecuteAsync("UPDATE endpoints SET enabled = false, disabled_reason = 'owner' WHERE id = $1", hook.Id);

        await AdvanceAsync(TimeSpan.FromDays(30) + TimeSpan.FromHours(1));

        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE id = $1", waiting) == 0, "what never went out is gone");
    }

    /// <summary>In steps of a day, so that the hourly sweep has its turns.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var left = by; left > TimeSpan.Zero; left -= TimeSpan.FromDays(1))
        {
            api.Clock.Advance(left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1));
            await Task.Yield();
        }
    }

    private static async Task<Guid> DeliveredAsync(Owner owner, Hook hook)
    {
        var id = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, id, 1);
        return id;
    }

    /// <summary>Delivered ones, with ids of this moment.</summary>
    private async Task FillAsync(Hook hook, int count)
    {
        var now = api.Clock.GetUtcNow();
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(now)).ToArray();
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, status, attempts, last_status_code, occurred_at, created_at)
            SELECT id, $2, gen_random_uuid(), 'ping', 'ping', '\x7b7d', 'delivered', 1, 200, $3, $3 FROM unnest($1) AS id
            """,
            ids, hook.Id, now);
    }
}
