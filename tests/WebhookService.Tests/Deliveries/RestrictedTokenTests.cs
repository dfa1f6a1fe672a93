using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A webhook told of more than it does now; a token that is restricted to what it tells now has no part in the rest.</summary>
public sealed class RestrictedTokenTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Deliveries_OfPacksBeyondTheToken_AreNeitherShownNorSent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url, ["pack.updated", "server.pack_attached"], packs: ["mine"]);
        var token = api.CreateClient(owner.Caller with { Credential = CredentialKind.Token, Packs = ["mine"] });
        Guid[] seen =
        [
            await FillAsync(hook, "pack.updated", "pack:mine"), await FillAsync(hook, "ping", "ping"), await FillAsync(hook, "server.pack_attached", "server:alpha", pack: "mine"),
        ];
        Guid[] hidden = [await FillAsync(hook, "pack.updated", "pack:theirs"), await FillAsync(hook, "server.pack_attached", "server:alpha", pack: "theirs")];

        await AssertSeesAsync(token, hook, seen, hidden);

        Assert.Equal(5, (await ListAsync(owner.Client, hook)).Count);
        await receiver.CountAsync(2 * seen.Length);
        Assert.DoesNotContain(receiver.Received, request => hidden.Contains(Guid.Parse(request.Headers["webhook-id"])));
    }

    [Fact]
    public async Task Deliveries_OfServersBeyondTheToken_AreNeitherShownNorSent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url, ["server.online"], servers: ["alpha"]);
        var token = api.CreateClient(owner.Caller with { Credential = CredentialKind.Token, Servers = ["alpha"] });
        var (seen, hidden) = (await FillAsync(hook, "server.online", "server:alpha"), await FillAsync(hook, "server.online", "server:beta"));

        await AssertSeesAsync(token, hook, [seen], [hidden]);

        await receiver.CountAsync(2);
        Assert.DoesNotContain(receiver.Received, request => hidden == Guid.Parse(request.Headers["webhook-id"]));
    }

    [Fact]
    public async Task Url_WhileDeliveriesBeyondTheTokenWait_StaysAsItIs()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/"), ["pack.updated"], packs: ["mine"]);
        var token = api.CreateClient(owner.Caller with { Credential = CredentialKind.Token, Packs = ["mine"] });
        var waiting = await FillAsync(hook, "pack.updated", "pack:theirs");
        await api.ExecuteAsync("UPDATE deliveries SET status = 'pending', next_attempt_at = $2 WHERE id = $1", waiting, api.Clock.GetUtcNow().AddDays(365));

        using var elsewhere = await token.PatchAsJsonAsync($"{WebhookApi.Routes}/{hook.Id}", new { url = "https://elsewhere.example/" });
        using var other = await token.PatchAsJsonAsync($"{WebhookApi.Routes}/{hook.Id}", new { description = "a note" });
        using var byOwner = await owner.Client.PatchAsJsonAsync($"{WebhookApi.Routes}/{hook.Id}", new { url = "https://elsewhere.example/" });

        await elsewhere.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, byOwner.StatusCode);
    }

    /// <summary>Lists, shows and sends again, alone and as a range.</summary>
    private static async Task AssertSeesAsync(HttpClient token, Hook hook, Guid[] seen, Guid[] hidden)
    {
        var routes = $"{WebhookApi.Routes}/{hook.Id}";
        Assert.Equal(seen.Order(), (await ListAsync(token, hook)).Order());
        foreach (var id in hidden)
        {
            using var shown = await token.GetAsync(new Uri($"{routes}/deliveries/{id}", UriKind.Relative));
            using var sent = await token.PostAsync(new Uri($"{routes}/deliveries/{id}/redeliver", UriKind.Relative), null);
            await shown.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
            await sent.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        }

        using var range = await token.PostAsJsonAsync($"{routes}/redeliver", new { since = DateTimeOffset.UnixEpoch, status = "delivered" });
        Assert.Equal(seen.Length, (await range.ReadJsonAsync()).GetProperty("queued").GetInt32());
        foreach (var id in seen)
        {
            await WaitForAsync(token, routes, id, 1);
            using var sent = await token.PostAsync(new Uri($"{routes}/deliveries/{id}/redeliver", UriKind.Relative), null);
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            await WaitForAsync(token, routes, id, 2);
        }
    }

    private static Task WaitForAsync(HttpClient token, string routes, Guid id, int attempts) => Testing.Wait.UntilAsync(
        async () => (await token.GetFromJsonAsync<JsonElement>($"{routes}/deliveries/{id}")).GetProperty("attempts").GetArrayLength() == attempts, $"{id} has gone out again");

    private static async Task<List<Guid>> ListAsync(HttpClient client, Hook hook) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"{WebhookApi.Routes}/{hook.Id}/deliveries")).GetProperty("deliveries").EnumerateArray().Select(one => one.GetProperty("id").GetGuid())];

    /// <summary>A delivered one, without the attempt that the log would have.</summary>
    private async Task<Guid> FillAsync(Hook hook, string name, string subject, string pack = "")
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, status, occurred_at, created_at)
            VALUES ($1, $2, gen_random_uuid(), $3, $4, convert_to('{"data":{"pack":{"slug":"' || $5 || '"}}}', 'UTF8'), 'delivered', $6, $6)
            """,
            id, hook.Id, name, subject, pack, api.Clock.GetUtcNow());
        return id;
    }
}
