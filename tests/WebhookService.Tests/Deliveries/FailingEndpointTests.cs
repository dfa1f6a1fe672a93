using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>What becomes of an endpoint that fails for days, and how its owner learns of it.</summary>
public sealed class FailingEndpointTests(PatientWebhookApi api) : IClassFixture<PatientWebhookApi>
{
    private static readonly Uri FeedRoute = new($"{WebhookApi.Routes}/feed", UriKind.Relative);

    [Fact]
    public async Task Failures_ForFiveDays_DisableTheWebhookAndTellTheAccount()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);

        await FailOnceADayAsync(owner, hook, days: 4);
        Assert.True((await WebhookAsync(owner, hook)).GetProperty("enabled").GetBoolean());
        api.Clock.Advance(TimeSpan.FromDays(1));
        await FailAsync(owner, hook);

        var webhook = await WebhookAsync(owner, hook);
        Assert.False(webhook.GetProperty("enabled").GetBoolean());
        Assert.Equal("failing", webhook.GetProperty("disabledReason").GetString());
        var feed = await owner.Client.GetFromJsonAsync<JsonElement>(FeedRoute);
        Assert.Equal(["entries", "hasMore"], feed.Members());
        var entry = Assert.Single(feed.GetProperty("entries").EnumerateArray());
        Assert.Equal(["id", "at", "event", "webhookId", "url", "reason"], entry.Members());
        Assert.Equal(("webhook.disabled", "failing"), (entry.GetProperty("event").GetString(), entry.GetProperty("reason").GetString()));
        Assert.Equal((hook.Id, receiver.Url.AbsoluteUri), (entry.GetProperty("webhookId").GetGuid(), entry.GetProperty("url").GetString()));
        Assert.Empty((await api.NewOwner().Client.GetFromJsonAsync<JsonElement>(FeedRoute)).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Failures_WithASuccessBetween_BeginAnew()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);

        await FailOnceADayAsync(owner, hook, days: 4);
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK));
        var delivered = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, delivered, 1);
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        await FailOnceADayAsync(owner, hook, days: 4);

        Assert.True((await WebhookAsync(owner, hook)).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Failures_WithAWeekOfSilenceBetween_BeginAnew()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);

        await FailAsync(owner, hook);
        api.Clock.Advance(TimeSpan.FromDays(7));
        await FailAsync(owner, hook);

        Assert.True((await WebhookAsync(owner, hook)).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Enable_OfOneThatWasDisabledForItsFailures_GivesItFiveDaysAgain()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.InternalServerError));
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await FailOnceADayAsync(owner, hook, days: 5);
        Assert.False((await WebhookAsync(owner, hook)).GetProperty("enabled").GetBoolean());

        using var patch = new StringContent("""{"enabled":true}""", Encoding.UTF8, "application/json");
        using var enabled = await owner.Client.PatchAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative), patch);
        Assert.Equal(HttpStatusCode.OK, enabled.StatusCode);
        await FailAsync(owner, hook);

        Assert.True((await WebhookAsync(owner, hook)).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Gone_IsToldInTheFeedToo()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.Gone));
        var owner = api.NewOwner();
        var hooks = new List<Hook>();
        for (var i = 0; i < 2; i++)
        {
            hooks.Add(await WebhookApi.CreateAsync(owner, receiver.Url, ["ping"], packs: [$"pack-{i}"]));
            await WebhookApi.AttemptsAsync(owner, hooks[i], await WebhookApi.PingAsync(owner, hooks[i]), 1);
        }

        var first = await owner.Client.GetFromJsonAsync<JsonElement>(new Uri($"{FeedRoute}?limit=1", UriKind.Relative));
        var second = await owner.Client.GetFromJsonAsync<JsonElement>(new Uri($"{FeedRoute}?limit=1&cursor={first.GetProperty("nextCursor").GetString()}", UriKind.Relative));

        Assert.Equal((true, false), (first.GetProperty("hasMore").GetBoolean(), second.GetProperty("hasMore").GetBoolean()));
        JsonElement[] entries = [.. first.GetProperty("entries").EnumerateArray(), .. second.GetProperty("entries").EnumerateArray()];
        Assert.Equal(hooks.Select(hook => hook.Id).Reverse(), entries.Select(entry => entry.GetProperty("webhookId").GetGuid()));
        Assert.All(entries, entry => Assert.Equal("gone", entry.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Feed_OfARestrictedToken_HidesWhatTheTokenMayNotRead()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer(_ => new ReceiverAnswer(HttpStatusCode.Gone));
        var owner = api.NewOwner();
        var mine = await WebhookApi.CreateAsync(owner, receiver.Url, ["pack.updated"], packs: ["vector-one"]);
        var other = await WebhookApi.CreateAsync(owner, receiver.Url, ["pack.updated"], packs: ["vector-two"]);
        foreach (var hook in new[] { mine, other }) await WebhookApi.AttemptsAsync(owner, hook, await WebhookApi.PingAsync(owner, hook), 1);
        using var restricted = api.CreateClient(owner.Caller with { Packs = ["vector-one"] });

        var entries = (await restricted.GetFromJsonAsync<JsonElement>(FeedRoute)).GetProperty("entries");

        Assert.Equal(mine.Id, Assert.Single(entries.EnumerateArray()).GetProperty("webhookId").GetGuid());
    }

    [Theory]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("cursor=AAAA", "invalid_cursor")]
    [InlineData("offset=1", "invalid_offset")]
    public async Task Feed_WithABadParameter_Is400(string query, string code)
    {
        using var answer = await api.NewOwner().Client.GetAsync(new Uri($"{FeedRoute}?{query}", UriKind.Relative));

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    /// <summary>One failure now, and one more at the end of each day.</summary>
    private async Task FailOnceADayAsync(Owner owner, Hook hook, int days)
    {
        for (var day = 0; day <= days; day++)
        {
            if (day > 0) api.Clock.Advance(TimeSpan.FromDays(1));
            await FailAsync(owner, hook);
        }
    }

    /// <summary>Pings and waits for the failure; the delivery is then forgotten, so that its later attempts do not run into the test.</summary>
    private async Task FailAsync(Owner owner, Hook hook)
    {
        var deliveryId = await WebhookApi.PingAsync(owner, hook);
        await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1);
        await api.ExecuteAsync("DELETE FROM deliveries WHERE id = $1", deliveryId);
    }

    private static Task<JsonElement> WebhookAsync(Owner owner, Hook hook) => owner.Client.GetFromJsonAsync<JsonElement>(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative));
}
