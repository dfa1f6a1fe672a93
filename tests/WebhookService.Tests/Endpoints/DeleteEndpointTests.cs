using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Tests.Deliveries;

namespace PackRelay.WebhookService.Tests.Endpoints;

/// <summary>A deleted webhook is gone at once; what it had follows in batches.</summary>
public sealed class DeleteEndpointTests(PatientWebhookApi api) : IClassFixture<PatientWebhookApi>
{
    [Fact]
    public async Task Delete_OfOnesOwn_HidesItFromEveryRouteAtOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var (hook, other) = (await WebhookApi.CreateAsync(owner, receiver.Url), await WebhookApi.CreateAsync(owner, receiver.Url, ["ping"]));
        var deliveryId = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1);
        await api.ExecuteAsync(
            "INSERT INTO feed (account_id, endpoint_id, at, event, reason) VALUES ($1, $2, $3, 'webhook.disabled', 'failing')", owner.Id, hook.Id, api.Clock.GetUtcNow());

        using var deleted = await owner.Client.DeleteAsync(Path(hook));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        foreach (var (method, path, body) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Get, "", null), (HttpMethod.Delete, "", null), (HttpMethod.Patch, "", """{"enabled":true}"""), (HttpMethod.Post, "/rotate-secret", null), (HttpMethod.Post, "/ping", null),
            (HttpMethod.Get, "/deliveries", null), (HttpMethod.Get, $"/deliveries/{deliveryId}", null), (HttpMethod.Post, $"/deliveries/{deliveryId}/redeliver", null),
            (HttpMethod.Post, "/redeliver", """{"since":"2026-01-01T00:00:00Z","status":"delivered"}"""),
        })
        {
            using var request = new HttpRequestMessage(method, $"{WebhookApi.Routes}/{hook.Id}{path}");
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await owner.Client.SendAsync(request);
            await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        }

        var listed = await owner.Client.GetFromJsonAsync<JsonElement>(WebhookApi.Routes);
        Assert.Equal(other.Id, Assert.Single(listed.GetProperty("webhooks").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Empty((await owner.Client.GetFromJsonAsync<JsonElement>($"{WebhookApi.Routes}/feed")).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Delete_OfOneWithDeliveriesWaiting_SendsNothingMoreToIt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri(receiver.Url, "deleted"));
        await WebhookApi.AttemptsAsync(owner, hook, await WebhookApi.PingAsync(owner, hook), 1);
        using var deleted = await owner.Client.DeleteAsync(Path(hook));
        var witness = await WebhookApi.CreateAsync(owner, new Uri(receiver.Url, "witness"));

        api.Clock.Advance(TimeSpan.FromMinutes(2)); // its next attempt would be due
        await api.PublishAsync(api.Published(owner.Id));
        await WebhookApi.AttemptsAsync(owner, witness, await WebhookApi.PingAsync(owner, witness), 1);
        await receiver.CountAsync(3);

        Assert.Equal(["/deleted", "/witness", "/witness"], receiver.Received.Select(request => request.Target).Order(StringComparer.Ordinal));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE endpoint_id = $1 AND event <> 'ping'", hook.Id)); // the ping may have been removed already
    }

    [Fact]
    public async Task Delete_Always_GivesItsPlaceInThePlanBack()
    {
        var owner = api.NewOwner();
        var hooks = new List<Hook>();
        for (var i = 0; i < 20; i++) hooks.Add(await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/")));
        using var full = await owner.Client.PostAsJsonAsync(WebhookApi.Routes, new { url = "https://receiver.example/", events = new[] { "*" } });
        await full.AssertErrorAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");

        using var deleted = await owner.Client.DeleteAsync(Path(hooks[0]));

        await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/"));
    }

    [Fact]
    public async Task Delete_OfOneWithALongLog_RemovesItInBatchesWithinTheHour()
    {
        var owner = api.NewOwner();
        var (hook, other) = (await WebhookApi.CreateAsync(owner, new Uri("http://127.0.0.1:9/")), await WebhookApi.CreateAsync(owner, new Uri("http://127.0.0.1:9/")));
        foreach (var one in new[] { hook, other })
        {
            await api.ExecuteAsync(
                """
                WITH filled AS (
                    INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, status, attempts, last_status_code, occurred_at, created_at)
                    SELECT id, $1, gen_random_uuid(), 'ping', 'ping', '\x7b7d', 'delivered', 1, 200, $2, $2 FROM unnest($3) AS id RETURNING id)
                INSERT INTO attempts (delivery_id, number, at, duration_ms) SELECT id, 1, $2, 1 FROM filled
                """,
                one.Id, api.Clock.GetUtcNow(), Enumerable.Range(0, 2_500).Select(_ => Guid.CreateVersion7(api.Clock.GetUtcNow())).ToArray());
        }

        await api.ExecuteAsync(
            """
            CREATE TABLE removals (number bigint);
            CREATE FUNCTION count_removals() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO removals SELECT count(*) FROM gone; RETURN NULL; END';
            CREATE TRIGGER removals AFTER DELETE ON deliveries REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_removals()
            """);

        using var deleted = await owner.Client.DeleteAsync(Path(hook));
        Assert.Equal(2_500, await CountAsync("deliveries WHERE endpoint_id = $1", hook.Id));
        api.Clock.Advance(TimeSpan.FromHours(1));

        await Testing.Wait.UntilAsync(async () => await CountAsync("endpoints WHERE id = $1", hook.Id) == 0, "the webhook's rows are removed");
        Assert.Equal(0, await CountAsync("deliveries WHERE endpoint_id = $1", hook.Id));
        Assert.Equal(2_500, await CountAsync("attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE d.endpoint_id = $1", other.Id));
        Assert.Equal(2_500, await CountAsync("deliveries WHERE endpoint_id = $1", other.Id));
        Assert.Equal(1_000, await api.ScalarAsync<long>("SELECT max(number) FROM removals")); // no statement took more
    }

    [Fact]
    public async Task AccountChanged_WhenTheAccountWasDeleted_DeletesItsWebhooksOnly()
    {
        var (gone, stays) = (api.NewOwner(), api.NewOwner());
        foreach (var owner in new[] { gone, stays }) await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/hook"));
        await api.PublishAsync(Changed(stays.Caller.AccountId, deleted: false));
        await api.PublishAsync(Changed(gone.Caller.AccountId, deleted: true));
        await api.WaitUntilAsync(async () => await CountAsync(gone) == 0, TimeSpan.FromSeconds(20), "the webhook is gone");
        Assert.Equal(1, await CountAsync(stays));

        api.Clock.Advance(TimeSpan.FromHours(1));
        await Testing.Wait.UntilAsync(async () => await CountAsync("endpoints WHERE account_id = $1", gone.Id) == 0, "its rows are removed");
        Assert.Equal(1, await CountAsync(stays));
    }

    private static AccountChanged Changed(Guid accountId, bool deleted) =>
        new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, accountId, 2, "somebody", "Somebody", "player", "free", deleted);

    private static async Task<int> CountAsync(Owner owner) => (await owner.Client.GetFromJsonAsync<JsonElement>(WebhookApi.Routes)).GetProperty("webhooks").GetArrayLength();

    private Task<long> CountAsync(string what, Guid id) => api.ScalarAsync<long>($"SELECT count(*) FROM {what}", id);

    private static Uri Path(Hook hook) => new($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative);
}
