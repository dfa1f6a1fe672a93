using System.Net;
using PackRelay.Testing.Http;
using PackRelay.Testing.Services;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>Two replicas: one in a process of its own that is killed, and the one in this process, whose clock stands until the test moves it.</summary>
public sealed class KilledWorkerTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Worker_KilledBetweenSendAndLog_IsFollowedByAnotherWithTheSameIdWithin30Seconds()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerNext(new ReceiverAnswer(HttpStatusCode.OK, Delay: TimeSpan.FromMinutes(10))); // the first is sent and never answered
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await using var worker = ServiceProcess.Start(typeof(Program).Assembly, new Dictionary<string, string?>(api.ReplicaSettings, StringComparer.Ordinal)
        {
            ["HTTP_PROXY"] = "http://127.0.0.1:1", // nobody listens there: a proxy of the environment is not asked
            ["HTTPS_PROXY"] = "http://127.0.0.1:1",
            ["ALL_PROXY"] = "http://127.0.0.1:1",
        });
        var deliveryId = Guid.CreateVersion7();
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
            VALUES ($1, $2, gen_random_uuid(), 'ping', 'ping', '\x7b7d', now(), now(), now())
            """,
            deliveryId, hook.Id); // due for the other replica; for this one it lies in the future

        var first = await receiver.FirstAsync(timeout: TimeSpan.FromMinutes(2));
        await worker.KillAsync();

        Assert.Empty((await WebhookApi.DeliveryAsync(owner, hook, deliveryId)).GetProperty("attempts").EnumerateArray());
        var lease = await api.ScalarAsync<DateTimeOffset>("SELECT leased_until FROM deliveries WHERE id = $1", deliveryId);
        Assert.InRange(lease, first.ReceivedAt, first.ReceivedAt + TimeSpan.FromSeconds(30));
        api.Clock.Advance(lease - TimeSpan.FromSeconds(1) - api.Clock.GetUtcNow());
        Assert.Single(receiver.Received);
        api.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = (await receiver.CountAsync(2))[1];
        Assert.Equal((deliveryId.ToString(), deliveryId.ToString()), (first.Headers["webhook-id"], second.Headers["webhook-id"]));
        Assert.Equal(first.Body, second.Body);
        Assert.NotEqual(first.Headers["webhook-timestamp"], second.Headers["webhook-timestamp"]);
        Assert.True(await StandardVerifier.AcceptsAsync([hook.Secret], [first, second]));
        var delivery = await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1);
        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
    }
}
