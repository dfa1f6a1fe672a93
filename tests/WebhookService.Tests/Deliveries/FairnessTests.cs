namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A service that has two deliveries under way at most, fewer than one endpoint may have.</summary>
public sealed class NarrowWebhookApi : WebhookApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Webhooks:Delivery:Concurrency"] = "2";
    }
}

/// <summary>Slots of the process are short, and one endpoint has a long queue.</summary>
public sealed class FairnessTests(NarrowWebhookApi api) : IClassFixture<NarrowWebhookApi>
{
    [Fact]
    public async Task Endpoint_BesideOneWithALongQueue_GetsItsShareOfTheSlots()
    {
        const int Long = 300, Short = 20;
        await using var receiver = await CountingReceiver.StartAsync();
        var owner = api.NewOwner();
        await FillAsync(owner, new Uri(receiver.Url, "long"), Long, TimeSpan.FromHours(2));
        await FillAsync(owner, new Uri(receiver.Url, "short"), Short, TimeSpan.FromHours(1)); // all of it is younger than all of the other's

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await Testing.Wait.UntilAsync(() => receiver.Received.Count >= Long + Short, "all have arrived", TimeSpan.FromMinutes(1));

        var order = receiver.Received.Select(request => request.Path).ToList();
        Assert.InRange(order.IndexOf("/short"), 0, 3);
        Assert.InRange(order.LastIndexOf("/short"), Short, 4 * Short); // side by side; in the order of their times alone it would be the very last
        Assert.All(receiver.Most, path => Assert.InRange(path.Value, 1, 2));
        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE status = 'pending'") == 0, "all are written down");
    }

    /// <summary>Deliveries about a pack each, due when the clock moves.</summary>
    private async Task FillAsync(Owner owner, Uri url, int count, TimeSpan age)
    {
        var (hook, now) = (await WebhookApi.CreateAsync(owner, url), api.Clock.GetUtcNow());
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
            SELECT gen_random_uuid(), $1, gen_random_uuid(), 'pack.updated', 'pack:p' || i, '\x7b7d', $3::timestamptz + i * interval '1 millisecond', $4, $4 + interval '1 second'
              FROM generate_series(1, $2) AS i
            """,
            hook.Id, count, now - age, now);
    }
}
