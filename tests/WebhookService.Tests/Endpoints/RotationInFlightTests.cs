using System.Net;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Tests.Deliveries;

namespace PackRelay.WebhookService.Tests.Endpoints;

/// <summary>A secret is changed while deliveries are being made.</summary>
public sealed class RotationInFlightTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Rotate_AmidADelivery_LeavesNoRequestThatAReceiverCannotVerify()
    {
        const int Count = 300;
        await using var receiver = await WebhookReceiver.StartAsync();
        var rotated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, Until: receiver.Received.Count > Count / 2 ? rotated.Task : null));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
            SELECT gen_random_uuid(), $1, gen_random_uuid(), 'pack.updated', 'pack:p' || i, convert_to('{"n":' || i || '}', 'UTF8'), $3, $3, $3 FROM generate_series(1, $2) AS i
            """,
            hook.Id, Count, api.Clock.GetUtcNow());

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await receiver.CountAsync(Count / 4);
        using var answer = await owner.Client.PostAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}/rotate-secret", UriKind.Relative), null);
        var secret = (await answer.ReadJsonAsync()).GetProperty("secret").GetString()!;
        var signedBefore = receiver.Received.Count + 4; // and what was under way
        rotated.SetResult();
        var received = await receiver.CountAsync(Count);

        // A receiver that has not heard of the new secret yet verifies all, one that has verifies what was signed since; and each request is signed with one of the two.
        Assert.True(await StandardVerifier.AcceptsAsync([hook.Secret], received));
        Assert.InRange(signedBefore, 1, Count - 50);
        Assert.True(await StandardVerifier.AcceptsAsync([secret], [.. received.Skip(signedBefore)]));
        Assert.All(received, request =>
        {
            var signature = request.Headers["X-PackRelay-Signature"];
            Assert.True(CSharpRecipe.IsValid(secret, signature, request.Body) || CSharpRecipe.IsValid(hook.Secret, signature, request.Body));
        });
        Assert.Equal(Count, received.Select(request => request.Headers["webhook-id"]).Distinct().Count());
        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE status = 'pending'") == 0, "all are written down");
    }
}
