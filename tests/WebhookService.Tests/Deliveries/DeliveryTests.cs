using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>One delivery from its request to its last attempt.</summary>
public sealed class DeliveryTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Request_Always_CarriesTheDocumentedHeadersAndSignatures()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri(receiver.Url, "hook?token=a%20b"));
        await api.PublishAsync(api.Published(owner.Id));

        var request = await receiver.FirstAsync();

        Assert.Equal(("POST", "/hook?token=a%20b"), (request.Method, request.Target));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("PackRelay-Webhooks/1", request.Headers["User-Agent"]);
        Assert.Equal("pack.version_published", request.Headers["X-PackRelay-Event"]);
        Assert.Equal(request.Headers["webhook-id"], request.Headers["X-PackRelay-Delivery"]);
        Assert.Equal(7, Guid.Parse(request.Headers["webhook-id"]).Version);
        Assert.DoesNotContain("traceparent", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal((true, 0), await NodeVerifier.VerifyAsync(hook.Secret, request.Headers, request.Body));
        Assert.Equal((false, -1), await NodeVerifier.VerifyAsync(hook.Secret, request.Headers, [.. request.Body, (byte)' ']));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task Answer_Of2xx_Delivers(int status)
    {
        var (owner, hook, delivery) = await PingAsync(_ => new ReceiverAnswer((HttpStatusCode)status, status == 204 ? "" : "thanks\0"), attempts: 1);

        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("nextAttemptAt").ValueKind);
        Assert.Equal(status, delivery.GetProperty("lastStatusCode").GetInt32());
        var attempt = Assert.Single(delivery.GetProperty("attempts").EnumerateArray());
        Assert.Equal(["at", "statusCode", "durationMs", "error", "responseBody", "requestHeaders"], attempt.Members());
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("error").ValueKind);
        Assert.Equal(status == 204 ? "" : "thanks\uFFFD", attempt.GetProperty("responseBody").GetString());
        Assert.Equal("ping", delivery.GetProperty("event").GetString());
        Assert.NotEqual(Guid.Empty, owner.Id);
        Assert.NotEqual(Guid.Empty, hook.Id);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Answer_OfAnythingElse_IsTriedAgainInFiveSeconds(int status)
    {
        var began = api.Clock.GetUtcNow();
        var (_, _, delivery) = await PingAsync(_ => new ReceiverAnswer((HttpStatusCode)status), attempts: 1);

        Assert.Equal("pending", delivery.GetProperty("status").GetString());
        Assert.Contains("answered", delivery.GetProperty("attempts")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        var pause = delivery.GetProperty("nextAttemptAt").GetDateTimeOffset() - began;
        Assert.InRange(pause, TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Retry_AfterAFailure_HasTheSameIdAndBodyAndAFreshSignature()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerNext(new ReceiverAnswer(HttpStatusCode.InternalServerError, "not yet"));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var deliveryId = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1);

        api.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Single(receiver.Received);
        api.Clock.Advance(TimeSpan.FromSeconds(3));
        var delivery = await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 2);

        var (first, second) = (receiver.Received[0], receiver.Received[1]);
        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Equal("not yet", delivery.GetProperty("attempts")[0].GetProperty("responseBody").GetString());
        Assert.Equal(first.Headers["webhook-id"], second.Headers["webhook-id"]);
        Assert.Equal(first.Body, second.Body);
        Assert.NotEqual(first.Headers["webhook-timestamp"], second.Headers["webhook-timestamp"]);
        Assert.Equal((true, 0), await NodeVerifier.VerifyAsync(hook.Secret, second.Headers, second.Body));
    }

    [Fact]
    public async Task Retries_ThatAllFail_EndAfterTheTenthAttempt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.BadGateway));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var deliveryId = await WebhookApi.PingAsync(owner, hook);

        for (var attempt = 1; attempt < 10; attempt++)
        {
            await WebhookApi.AttemptsAsync(owner, hook, deliveryId, attempt);
            await api.ExecuteAsync("UPDATE deliveries SET next_attempt_at = $2 WHERE id = $1", deliveryId, api.Clock.GetUtcNow()); // the schedule has its own tests
            api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var delivery = await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 10);
        Assert.Equal("failed", delivery.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("nextAttemptAt").ValueKind);
        Assert.Equal(10, receiver.Received.Count);
    }

    [Fact]
    public async Task Answer_OfGone_DisablesTheWebhook()
    {
        var (owner, hook, delivery) = await PingAsync(_ => new ReceiverAnswer(HttpStatusCode.Gone), attempts: 1);

        Assert.Equal("failed", delivery.GetProperty("status").GetString());
        await Testing.Wait.UntilAsync(
            async () => (await owner.Client.GetStringAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative))).Contains("\"disabledReason\":\"gone\"", StringComparison.Ordinal),
            "the webhook is disabled");
        using var ping = await owner.Client.PostAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}/ping", UriKind.Relative), null);
        await ping.AssertErrorAsync(HttpStatusCode.Conflict, "webhook_disabled");
    }

    [Fact]
    public async Task Answer_WithRetryAfter_PostponesTheNextAttempt()
    {
        var began = api.Clock.GetUtcNow();
        var (_, _, delivery) = await PingAsync(
            _ => new ReceiverAnswer(HttpStatusCode.TooManyRequests, Headers: new Dictionary<string, string> { ["Retry-After"] = "9" }), attempts: 1);

        Assert.Equal(TimeSpan.FromSeconds(9), Round(delivery.GetProperty("nextAttemptAt").GetDateTimeOffset() - began));
    }

    [Fact]
    public async Task Answer_WithRetryAfterAsADate_PostponesTheNextAttemptUntilThen()
    {
        var until = new DateTimeOffset(api.Clock.GetUtcNow().Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero).AddSeconds(9); // a date has whole seconds
        var (_, _, delivery) = await PingAsync(
            _ => new ReceiverAnswer(HttpStatusCode.ServiceUnavailable, Headers: new Dictionary<string, string> { ["Retry-After"] = until.ToString("R") }), attempts: 1);

        Assert.Equal(until, delivery.GetProperty("nextAttemptAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Answer_WithRetryAfterAsADateInThePast_IsTriedAgainBySchedule()
    {
        var began = api.Clock.GetUtcNow();
        var (_, _, delivery) = await PingAsync(
            _ => new ReceiverAnswer(HttpStatusCode.ServiceUnavailable, Headers: new Dictionary<string, string> { ["Retry-After"] = began.AddDays(-1).ToString("R") }), attempts: 1);

        Assert.InRange(delivery.GetProperty("nextAttemptAt").GetDateTimeOffset() - began, TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Answer_OfMegabytes_IsCutAt4Kilobytes()
    {
        var (_, _, delivery) = await PingAsync(_ => new ReceiverAnswer(HttpStatusCode.OK, new string('a', 3_000_000)), attempts: 1);

        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Equal(4096, delivery.GetProperty("attempts")[0].GetProperty("responseBody").GetString()!.Length);
    }

    [Fact]
    public async Task Send_ToAClosedPort_Fails()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri($"http://127.0.0.1:{port}/"));

        var delivery = await WebhookApi.AttemptsAsync(owner, hook, await WebhookApi.PingAsync(owner, hook), 1);

        var attempt = delivery.GetProperty("attempts")[0];
        Assert.Equal("no connection", attempt.GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("statusCode").ValueKind);
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("responseBody").ValueKind);
    }

    [Fact]
    public async Task Send_OfHttpsToAPlainReceiver_Fails()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new UriBuilder(receiver.Url) { Scheme = "https" }.Uri);

        var delivery = await WebhookApi.AttemptsAsync(owner, hook, await WebhookApi.PingAsync(owner, hook), 1);

        Assert.Contains("TLS", delivery.GetProperty("attempts")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task Send_ToAReceiverThatHangs_TimesOutAndDelaysNobodyElse()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        hanging.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, Delay: TimeSpan.FromMinutes(10)));
        await using var prompt = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var slow = await WebhookApi.CreateAsync(owner, hanging.Url);
        var quick = await WebhookApi.CreateAsync(owner, prompt.Url);

        for (var i = 0; i < 6; i++) await api.PublishAsync(api.Published(owner.Id, $"pack-{i}"));

        await prompt.CountAsync(6);
        await hanging.CountAsync(4);
        Assert.Equal(4, hanging.Received.Count); // the most under way to one endpoint
        api.Clock.Advance(TimeSpan.FromSeconds(15));
        await hanging.CountAsync(6); // the others get their turn
        var error = await api.ScalarAsync<string>(
            "SELECT min(a.error) FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE d.endpoint_id = $1 AND a.status_code IS NULL", slow.Id);
        Assert.Equal("no complete answer within 15 s", error);
        await Testing.Wait.UntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE endpoint_id = $1 AND status = 'delivered'", quick.Id) == 6, "the prompt receiver has all");
        await api.ExecuteAsync("DELETE FROM endpoints WHERE id = $1", slow.Id);
        api.Clock.Advance(TimeSpan.FromSeconds(15)); // lets the last two end before the service stops
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)] // more packs than an endpoint has slots: the two queues share them
    public async Task Events_BehindALongStretchOfOtherPacksThatGoesOutAgain_DoNotWaitForItsEnd(int packs, int again)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, Delay: TimeSpan.FromMinutes(10)));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, attempts, occurred_at, created_at, next_attempt_at)
            SELECT gen_random_uuid(), $1, gen_random_uuid(), 'pack.updated', 'pack:' || name, convert_to(name, 'UTF8'), attempts, $2::timestamptz + i * interval '1 millisecond', $2, $3
              FROM (SELECT 'again-' || i % $4, 1, i FROM generate_series(1, 100) i UNION ALL SELECT 'new-' || i, 0, 100 + i FROM generate_series(1, 3) i) AS stretch (name, attempts, i)
            """,
            hook.Id, api.Clock.GetUtcNow().AddDays(-1), api.Clock.GetUtcNow().AddSeconds(1), packs);

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        var received = (await receiver.CountAsync(4)).Select(request => System.Text.Encoding.UTF8.GetString(request.Body)).ToList();

        Assert.Equal(again, received.Count(body => body.StartsWith("again-", StringComparison.Ordinal)));
        Assert.Equal(new[] { "new-1", "new-2", "new-3" }.Take(4 - again), received.Where(body => body.StartsWith("new-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        await api.ExecuteAsync("DELETE FROM endpoints WHERE id = $1", hook.Id);
        api.Clock.Advance(TimeSpan.FromSeconds(15)); // lets these end before the service stops
    }

    [Fact]
    public async Task Events_OfOnePack_ArriveInTheirOrder()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await api.ExecuteAsync("UPDATE endpoints SET enabled = false, disabled_reason = 'owner' WHERE id = $1", hook.Id); // so that all are due at once later
        var versions = Enumerable.Range(0, 20).Select(i => $"1.0.{i}").ToList();
        foreach (var version in versions.AsEnumerable().Reverse()) // the bus may shuffle them
        {
            await api.ExecuteAsync(
                """
                INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
                VALUES (gen_random_uuid(), $1, gen_random_uuid(), 'pack.version_published', 'pack:vector-one', convert_to($2, 'UTF8'), $3, $4, $4)
                """,
                hook.Id, version, api.Clock.GetUtcNow().AddMinutes(versions.IndexOf(version) - 60), api.Clock.GetUtcNow());
        }

        using var enabled = await owner.Client.PatchAsync(
            new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative), new StringContent("""{"enabled":true}""", System.Text.Encoding.UTF8, "application/json"));

        var received = await receiver.CountAsync(20);
        Assert.Equal(versions, received.Select(request => System.Text.Encoding.UTF8.GetString(request.Body)));
    }

    [Fact]
    public async Task Lease_OfAWorkerThatDied_EndsAndTheDeliveryIsMadeWithTheSameId()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var deliveryId = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1);
        // As a worker leaves it that was killed after it had sent and before it had stored the attempt.
        await api.ExecuteAsync("DELETE FROM attempts WHERE delivery_id = $1", deliveryId);
        await api.ExecuteAsync(
            "UPDATE deliveries SET status = 'pending', attempts = 0, round_attempts = 0, next_attempt_at = $2, leased_until = $3 WHERE id = $1",
            deliveryId, api.Clock.GetUtcNow(), api.Clock.GetUtcNow().AddSeconds(30));

        api.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(receiver.Received);
        api.Clock.Advance(TimeSpan.FromSeconds(2));
        var received = await receiver.CountAsync(2);
        var delivery = await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1);

        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Equal(received[0].Headers["webhook-id"], received[1].Headers["webhook-id"]);
        Assert.Equal(received[0].Body, received[1].Body);
        Assert.NotEqual(received[0].Headers["webhook-timestamp"], received[1].Headers["webhook-timestamp"]);
        Assert.Equal((true, 0), await NodeVerifier.VerifyAsync(hook.Secret, received[1].Headers, received[1].Body));
    }

    private static TimeSpan Round(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));

    /// <summary>Pings a receiver that answers so, waits for the attempts, and gives the delivery.</summary>
    private async Task<(Owner Owner, Hook Hook, JsonElement Delivery)> PingAsync(Func<ReceivedRequest, ReceiverAnswer> answer, int attempts)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(answer);
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        var deliveryId = await WebhookApi.PingAsync(owner, hook);
        return (owner, hook, await WebhookApi.AttemptsAsync(owner, hook, deliveryId, attempts));
    }
}
