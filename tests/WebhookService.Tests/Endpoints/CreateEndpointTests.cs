using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace PackRelay.WebhookService.Tests.Endpoints;

public sealed class CreateEndpointTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private const string Url = "https://receiver.example/hook";

    [Fact]
    public async Task Create_WithEverything_AnswersTheWebhookAndItsSecret()
    {
        using var answer = await api.NewOwner().Client.PostAsJsonAsync(
            WebhookApi.Routes,
            new { url = Url, events = new[] { "server.online", "ping", "server.online" }, packs = new[] { "mine" }, servers = new[] { "alpha", "beta" }, description = "the bot" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var json = await answer.ReadJsonAsync();
        Assert.Equal(["id", "url", "events", "packs", "servers", "description", "enabled", "disabledReason", "createdAt", "secret"], json.Members());
        Assert.Equal($"{WebhookApi.Routes}/{json.GetProperty("id").GetGuid()}", answer.Headers.Location?.ToString());
        Assert.Equal(Url, json.GetProperty("url").GetString());
        Assert.Equal(["server.online", "ping"], json.GetProperty("events").Strings());
        Assert.Equal(["mine"], json.GetProperty("packs").Strings());
        Assert.Equal(["alpha", "beta"], json.GetProperty("servers").Strings());
        Assert.True(json.GetProperty("enabled").GetBoolean());
        Assert.Equal(32, Convert.FromBase64String(json.GetProperty("secret").GetString()!["whsec_".Length..]).Length);
    }

    [Fact]
    public async Task Create_Always_StoresTheSecretEncrypted()
    {
        var hook = await WebhookApi.CreateAsync(api.NewOwner(), new Uri(Url));

        var stored = await api.ScalarAsync<byte[]>("SELECT secret FROM endpoints WHERE id = $1", hook.Id);
        Assert.DoesNotContain(hook.Secret["whsec_".Length..], Encoding.Latin1.GetString(stored!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.org/","events":["*"]}""", "invalid_url")]
    [InlineData("""{"url":"https://10.0.0.1/","events":["*"]}""", "invalid_url")]
    [InlineData("""{"url":"https://user:pw@example.org/","events":["*"]}""", "invalid_url")]
    [InlineData("""{"url":"https://example.org/\r\nX: y","events":["*"]}""", "invalid_url")]
    [InlineData("""{"url":"https://example.org/","events":[]}""", "invalid_events")]
    [InlineData("""{"url":"https://example.org/","events":["pack.exploded"]}""", "invalid_events")]
    [InlineData("""{"url":"https://example.org/","events":["Ping"]}""", "invalid_events")]
    [InlineData("""{"url":"https://example.org/","events":["*"],"packs":["../etc"]}""", "invalid_packs")]
    [InlineData("""{"url":"https://example.org/","events":["*"],"servers":["Alpha"]}""", "invalid_servers")]
    [InlineData("""{"url":"https://example.org/","events":["*"],"servers":["alpha\n"]}""", "invalid_servers")]
    [InlineData("""{"url":"https://example.org/"}""", "invalid_json")]
    [InlineData("""{"events":["*"]}""", "invalid_json")]
    [InlineData("""{"url":null,"events":["*"]}""", "invalid_json")]
    [InlineData("""{"url":"https://example.org/","events":null}""", "invalid_json")]
    [InlineData("""{"url":"https://example.org/","events":[null]}""", "invalid_events")]
    [InlineData("""{"url":"https://example.org/","events":["*"],"packs":[null]}""", "invalid_packs")]
    [InlineData("""{"url":"https://example.org/","events":"*"}""", "invalid_json")]
    [InlineData("""{"url":7,"events":["*"]}""", "invalid_json")]
    [InlineData("""{"url":"https://example.org/","url":"https://example.org/","events":["*"]}""", "invalid_json")]
    [InlineData("""{"url":"https://example.org/\u0000","events":["*"]}""", "invalid_json")]
    [InlineData("""{"url":"https://example.org/","events":["*"],"description":"a\u0000"}""", "invalid_json")]
    [InlineData("""{"url":"https://example.org/\ud800","events":["*"]}""", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("null", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("{} {}", "invalid_json")]
    public async Task Create_WithABadBody_Is400(string body, string code)
    {
        using var answer = await PostAsync(api.NewOwner(), body);

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Create_WithTooMuch_IsRefused()
    {
        var owner = api.NewOwner();
        using var description = await owner.Client.PostAsJsonAsync(WebhookApi.Routes, new { url = Url, events = new[] { "*" }, description = new string('a', 501) });
        using var packs = await owner.Client.PostAsJsonAsync(WebhookApi.Routes, new { url = Url, events = new[] { "*" }, packs = Enumerable.Range(0, 101).Select(i => $"pack-{i}") });
        using var body = await PostAsync(owner, $$"""{"url":"{{new string('a', 100_000)}}"}""");

        await description.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_description");
        await packs.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_packs");
        await body.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task Create_OfAnotherContentType_Is415()
    {
        using var answer = await PostAsync(api.NewOwner(), "{}", "text/plain");

        await answer.AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Create_WithMembersOfOurOwn_IgnoresThem()
    {
        using var answer = await PostAsync(
            api.NewOwner(),
            """{"url":"https://example.org/","events":["*"],"id":"00000000-0000-0000-0000-000000000001","accountId":"00000000-0000-0000-0000-000000000001","enabled":false,"secret":"whsec_mine"}""");

        var json = await answer.ReadJsonAsync();
        Assert.True(json.GetProperty("enabled").GetBoolean());
        Assert.NotEqual("whsec_mine", json.GetProperty("secret").GetString());
        Assert.NotEqual(new Guid("00000000-0000-0000-0000-000000000001"), json.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Create_BeyondThePlan_Is402EvenWhenAllComeAtOnce()
    {
        var owner = api.NewOwner();

        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => owner.Client.PostAsJsonAsync(WebhookApi.Routes, new { url = Url, events = new[] { "*" } })));

        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await refused.AssertErrorAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        using var larger = await (owner with { Client = api.CreateClient(owner.Caller with { Plan = "pro" }) }).Client.PostAsJsonAsync(WebhookApi.Routes, new { url = Url, events = new[] { "*" } });
        Assert.Equal(HttpStatusCode.Created, larger.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(Owner owner, string body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return await owner.Client.PostAsync(new Uri(WebhookApi.Routes, UriKind.Relative), content);
    }
}
