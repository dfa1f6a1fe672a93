using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>List, get and redeliver.</summary>
public sealed class InspectDeliveriesTests(WebhookApi api) : IClassFixture<WebhookApi>, IAsyncLifetime
{
    private readonly Owner owner = api.NewOwner();

    private WebhookReceiver receiver = null!;

    private Hook hook = null!;

    public async Task InitializeAsync()
    {
        receiver = await WebhookReceiver.StartAsync();
        hook = await WebhookApi.CreateAsync(owner, receiver.Url);
    }

    public async Task DisposeAsync() => await receiver.DisposeAsync();

    [Fact]
    public async Task List_OfSeveral_IsNewestFirstInPages()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++) ids.Add(await DeliveredAsync());

        var first = await ListAsync("?limit=2");
        var second = await ListAsync($"?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(["deliveries", "hasMore", "nextCursor"], first.Members());
        Assert.True(first.GetProperty("hasMore").GetBoolean());
        Assert.False(second.GetProperty("hasMore").GetBoolean());
        Assert.Equal(["deliveries", "hasMore"], second.Members());
        JsonElement[] all = [.. first.GetProperty("deliveries").EnumerateArray(), .. second.GetProperty("deliveries").EnumerateArray()];
        Assert.Equal(ids.AsEnumerable().Reverse(), all.Select(delivery => delivery.GetProperty("id").GetGuid()));
        Assert.All(all, delivery => Assert.Equal(["id", "event", "status", "attempts", "createdAt", "nextAttemptAt", "lastStatusCode"], delivery.Members()));
        Assert.Equal(1, all[0].GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task List_WithFilters_AppliesThem()
    {
        await DeliveredAsync();
        receiver.AnswerNext(new ReceiverAnswer(HttpStatusCode.Gone));
        await api.PublishAsync(api.Online(owner.Id));
        await Testing.Wait.UntilAsync(async () => (await ListAsync("?status=failed")).GetProperty("deliveries").GetArrayLength() == 1, "one has failed");

        Assert.Equal("ping", Assert.Single((await ListAsync("?status=delivered")).GetProperty("deliveries").EnumerateArray()).GetProperty("event").GetString());
        Assert.Equal("failed", Assert.Single((await ListAsync("?event=server.online")).GetProperty("deliveries").EnumerateArray()).GetProperty("status").GetString());
        Assert.Empty((await ListAsync("?event=server.online&status=delivered")).GetProperty("deliveries").EnumerateArray());
        Assert.Equal(["server.online", "ping"], (await ListAsync("")).GetProperty("deliveries").EnumerateArray().Select(delivery => delivery.GetProperty("event").GetString()));
    }

    [Theory]
    [InlineData("status=lost", "invalid_status")]
    [InlineData("event=pack.exploded", "invalid_event")]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("cursor=nonsense", "invalid_cursor")]
    [InlineData("offset=1", "invalid_offset")]
    public async Task List_WithABadParameter_Is400(string query, string code)
    {
        using var answer = await owner.Client.GetAsync(Path($"/deliveries?{query}"));

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task List_WithTheCursorOfAnotherFilter_Is400()
    {
        await DeliveredAsync();
        await DeliveredAsync();
        var cursor = (await ListAsync("?limit=1")).GetProperty("nextCursor").GetString();

        using var answer = await owner.Client.GetAsync(Path($"/deliveries?limit=1&status=delivered&cursor={cursor}"));

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_cursor");
    }

    [Fact]
    public async Task Get_OfOne_ShowsTheRequestAsItWasSent()
    {
        var delivery = await WebhookApi.DeliveryAsync(owner, hook, await DeliveredAsync());

        var sent = receiver.Received[0];
        var request = delivery.GetProperty("request");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(sent.Body), request.GetProperty("body").GetString());
        foreach (var header in request.GetProperty("headers").EnumerateObject()) Assert.Equal(sent.Headers[header.Name], header.Value.GetString());
        Assert.Contains("X-PackRelay-Signature", request.GetProperty("headers").Members());
    }

    [Fact]
    public async Task Get_OfOneWithAttemptsAroundRotations_ShowsTheHeadersOfEach()
    {
        var deliveryId = await DeliveredAsync(); // signed with the first secret
        await RotateAsync();
        await RedeliverAsync(deliveryId, 2); // with the second and the first
        api.Clock.Advance(TimeSpan.FromHours(24));
        await RedeliverAsync(deliveryId, 3); // with the second
        var delivery = await WebhookApi.DeliveryAsync(owner, hook, deliveryId);

        var attempts = delivery.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("requestHeaders")).ToList();
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("webhook-signature", attempts[i].Members());
            foreach (var header in attempts[i].EnumerateObject()) Assert.Equal(receiver.Received[i].Headers[header.Name], header.Value.GetString());
        }

        Assert.Equal(attempts[2].GetRawText(), delivery.GetProperty("request").GetProperty("headers").GetRawText());
        await RotateAsync(); // the first secret is gone
        var later = (await WebhookApi.DeliveryAsync(owner, hook, deliveryId)).GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("requestHeaders")).ToList();
        Assert.Equal(["Content-Type", "User-Agent", "X-PackRelay-Delivery", "X-PackRelay-Event", "webhook-id", "webhook-timestamp"], later[0].Members().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("webhook-signature", later[1].Members());
        Assert.Equal(attempts[2].GetRawText(), later[2].GetRawText());
    }

    [Fact]
    public async Task Get_BeforeTheFirstAttempt_ShowsNoSignature()
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
            VALUES ($1, $2, gen_random_uuid(), 'ping', 'ping', '\x7b7d', $3, $3, $4)
            """,
            id, hook.Id, api.Clock.GetUtcNow(), api.Clock.GetUtcNow().AddDays(365));

        var headers = (await WebhookApi.DeliveryAsync(owner, hook, id)).GetProperty("request").GetProperty("headers").Members();

        Assert.Equal(["Content-Type", "User-Agent", "X-PackRelay-Delivery", "X-PackRelay-Event", "webhook-id"], headers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_OfAnUnknownOne_Is404()
    {
        using var answer = await owner.Client.GetAsync(Path($"/deliveries/{Guid.NewGuid()}"));

        await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Get_UnderAnotherWebhook_Is404()
    {
        var deliveryId = await DeliveredAsync();
        var second = await WebhookApi.CreateAsync(owner, receiver.Url);

        using var answer = await owner.Client.GetAsync(new Uri($"{WebhookApi.Routes}/{second.Id}/deliveries/{deliveryId}", UriKind.Relative));

        await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Redeliver_OfADeliveredOne_SendsTheSameIdAndBytesAgain()
    {
        var deliveryId = await DeliveredAsync();

        using var answer = await owner.Client.PostAsync(Path($"/deliveries/{deliveryId}/redeliver"), null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(deliveryId, (await answer.ReadJsonAsync()).GetProperty("deliveryId").GetGuid());
        var delivery = await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 2);
        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Equal(receiver.Received[0].Body, receiver.Received[1].Body);
        Assert.Equal(receiver.Received[0].Headers["webhook-id"], receiver.Received[1].Headers["webhook-id"]);
    }

    [Fact]
    public async Task Redeliver_OfAnUnknownOne_Is404()
    {
        using var answer = await owner.Client.PostAsync(Path($"/deliveries/{Guid.NewGuid()}/redeliver"), null);

        await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Redeliver_WhileDisabled_Is409()
    {
        var deliveryId = await DeliveredAsync();
        await api.ExecuteAsync("UPDATE endpoints SET enabled = false, disabled_reason = 'owner' WHERE id = $1", hook.Id);

        using var one = await owner.Client.PostAsync(Path($"/deliveries/{deliveryId}/redeliver"), null);
        using var range = await owner.Client.PostAsJsonAsync(Path("/redeliver"), new { since = api.Clock.GetUtcNow() });

        await one.AssertErrorAsync(HttpStatusCode.Conflict, "webhook_disabled");
        await range.AssertErrorAsync(HttpStatusCode.Conflict, "webhook_disabled");
    }

    [Fact]
    public async Task RedeliverRange_OfFailedOnes_SendsThoseSinceThen()
    {
        var old = await DeliveredAsync();
        await api.ExecuteAsync("UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE id = $1", old);
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        var since = api.Clock.GetUtcNow();
        var recent = await DeliveredAsync();
        await api.ExecuteAsync("UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE id = $1", recent);
        await DeliveredAsync(); // not failed

        using var answer = await owner.Client.PostAsJsonAsync(Path("/redeliver"), new { since, status = "failed" });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(1, (await answer.ReadJsonAsync()).GetProperty("queued").GetInt32());
        await WebhookApi.AttemptsAsync(owner, hook, recent, 2);
        Assert.Equal("failed", (await WebhookApi.DeliveryAsync(owner, hook, old)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task RedeliverRange_OfMoreThanGoOutAtOnce_GoesOnWhereItStopped()
    {
        const int Most = 10_000;
        var now = api.Clock.GetUtcNow();
        var ids = Enumerable.Range(0, Most + 2).Select(_ => Guid.CreateVersion7(now)).ToArray();
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, status, attempts, last_status_code, occurred_at, created_at)
            SELECT id, $2, gen_random_uuid(), 'ping', 'ping', '\x7b7d', 'delivered', 1, 200, $3, $3 FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, i) ORDER BY i
            """,
            ids, hook.Id, now);
        await api.ExecuteAsync("UPDATE deliveries SET created_at = $2 WHERE id = $1", ids[0], now.AddSeconds(-1)); // before the stretch
        var since = now.ToOffset(TimeSpan.FromHours(2));

        var first = await RedeliverAsync(new { since, status = "delivered" });
        // As if all had gone out already; those that really did meanwhile are so too.
        await api.ExecuteAsync("UPDATE deliveries SET status = 'delivered', next_attempt_at = NULL, leased_until = NULL WHERE endpoint_id = $1 AND status = 'pending'", hook.Id);
        var second = await RedeliverAsync(new { since, status = "delivered", cursor = first.GetProperty("nextCursor").GetString() });

        Assert.Equal(["queued", "hasMore", "nextCursor"], first.Members());
        Assert.Equal(["queued", "hasMore"], second.Members());
        Assert.Equal((Most, true), (first.GetProperty("queued").GetInt32(), first.GetProperty("hasMore").GetBoolean()));
        Assert.Equal((1, false), (second.GetProperty("queued").GetInt32(), second.GetProperty("hasMore").GetBoolean()));
        await Testing.Wait.UntilAsync(() => receiver.Received.Any(request => request.Headers["webhook-id"] == ids[^1].ToString()), "the last one has gone out again");
        Assert.DoesNotContain(receiver.Received, request => request.Headers["webhook-id"] == ids[0].ToString());
        using var foreign = await owner.Client.PostAsJsonAsync(Path("/redeliver"), new { since, status = "failed", cursor = first.GetProperty("nextCursor").GetString() });
        await foreign.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_cursor");
    }

    [Fact]
    public async Task RedeliverRange_OfDeliveredOnes_SendsThemAgainWithTheSameIdsAndBytes()
    {
        await DeliveredAsync(); // too old
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        var since = api.Clock.GetUtcNow();
        Guid[] wanted = [await DeliveredAsync(), await DeliveredAsync()];
        var failed = await DeliveredAsync();
        await api.ExecuteAsync("UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE id = $1", failed);

        var answer = await RedeliverAsync(new { since, status = "delivered" });

        Assert.Equal((2, false), (answer.GetProperty("queued").GetInt32(), answer.GetProperty("hasMore").GetBoolean()));
        foreach (var id in wanted) await WebhookApi.AttemptsAsync(owner, hook, id, 2);
        Assert.Equal(6, receiver.Received.Count);
        Assert.Equal(wanted.Select(id => id.ToString()).Order(StringComparer.Ordinal), receiver.Received.Skip(4).Select(request => request.Headers["webhook-id"]).Order(StringComparer.Ordinal));
        foreach (var again in receiver.Received.Skip(4))
            Assert.Equal(receiver.Received.First(request => request.Headers["webhook-id"] == again.Headers["webhook-id"]).Body, again.Body);
    }

    [Theory]
    [InlineData("""{"since":"2026-01-01T00:00:00Z","status":"pending"}""", "invalid_status")]
    [InlineData("""{"since":"2026-01-01T00:00:00Z","cursor":"nonsense"}""", "invalid_cursor")]
    [InlineData("""{"status":"failed"}""", "invalid_json")]
    [InlineData("""{"since":"yesterday"}""", "invalid_json")]
    [InlineData("{", "invalid_json")]
    public async Task RedeliverRange_WithABadBody_Is400(string body, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await owner.Client.PostAsync(Path("/redeliver"), content);

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    private async Task RotateAsync()
    {
        using var answer = await owner.Client.PostAsync(Path("/rotate-secret"), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task RedeliverAsync(Guid deliveryId, int attempts)
    {
        using var answer = await owner.Client.PostAsync(Path($"/deliveries/{deliveryId}/redeliver"), null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await WebhookApi.AttemptsAsync(owner, hook, deliveryId, attempts);
    }

    private async Task<Guid> DeliveredAsync()
    {
        var id = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, id, 1);
        return id;
    }

    private async Task<JsonElement> RedeliverAsync(object range)
    {
        using var answer = await owner.Client.PostAsJsonAsync(Path("/redeliver"), range);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await answer.ReadJsonAsync();
    }

    private Task<JsonElement> ListAsync(string query) => owner.Client.GetFromJsonAsync<JsonElement>(Path($"/deliveries{query}"));

    private Uri Path(string rest) => new($"{WebhookApi.Routes}/{hook.Id}{rest}", UriKind.Relative);
}
