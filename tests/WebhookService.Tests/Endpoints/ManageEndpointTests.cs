using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace PackRelay.WebhookService.Tests.Endpoints;

/// <summary>List, get and update.</summary>
public sealed class ManageEndpointTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private static readonly Uri Url = new("https://receiver.example/hook");

    [Fact]
    public async Task List_OfSeveral_IsNewestFirstInPagesAndWithoutSecrets()
    {
        var owner = api.NewOwner();
        var created = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            created.Add((await WebhookApi.CreateAsync(owner, Url)).Id);
            api.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await WebhookApi.CreateAsync(api.NewOwner(), Url); // of somebody else

        var first = await owner.Client.GetFromJsonAsync<JsonElement>($"{WebhookApi.Routes}?limit=2");
        var second = await owner.Client.GetFromJsonAsync<JsonElement>($"{WebhookApi.Routes}?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(["webhooks", "hasMore", "nextCursor"], first.Members());
        Assert.True(first.GetProperty("hasMore").GetBoolean());
        Assert.False(second.GetProperty("hasMore").GetBoolean());
        Assert.Equal(["webhooks", "hasMore"], second.Members());
        JsonElement[] all = [.. first.GetProperty("webhooks").EnumerateArray(), .. second.GetProperty("webhooks").EnumerateArray()];
        Assert.Equal(created.AsEnumerable().Reverse(), all.Select(webhook => webhook.GetProperty("id").GetGuid()));
        Assert.All(all, webhook => Assert.DoesNotContain("secret", webhook.Members()));
    }

    [Theory]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("limit=x", "invalid_limit")]
    [InlineData("cursor=AAAA", "invalid_cursor")]
    [InlineData("offset=1", "invalid_offset")]
    public async Task List_WithABadParameter_Is400(string query, string code)
    {
        using var answer = await api.NewOwner().Client.GetAsync(new Uri($"{WebhookApi.Routes}?{query}", UriKind.Relative));

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Get_OfOnesOwn_AnswersIt()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url, ["ping"]);

        var json = await owner.Client.GetFromJsonAsync<JsonElement>($"{WebhookApi.Routes}/{hook.Id}");

        Assert.Equal(["id", "url", "events", "packs", "servers", "description", "enabled", "disabledReason", "createdAt"], json.Members());
        Assert.Empty(json.GetProperty("packs").Strings());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("disabledReason").ValueKind);
    }

    [Fact]
    public async Task Head_OfOnesOwn_AnswersWithoutABody()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url);
        using var request = new HttpRequestMessage(HttpMethod.Head, $"{WebhookApi.Routes}/{hook.Id}");

        using var answer = await owner.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Update_OfSomeMembers_LeavesTheOthers()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url, ["ping"], packs: ["mine"], servers: ["alpha"]);

        var changed = await PatchAsync(owner, hook, """{"events":["server.online","server.offline"],"packs":null,"description":"new"}""", HttpStatusCode.OK);
        var cleared = await PatchAsync(owner, hook, """{"description":null}""", HttpStatusCode.OK);

        Assert.Equal(["server.online", "server.offline"], changed.GetProperty("events").Strings());
        Assert.Empty(changed.GetProperty("packs").Strings());
        Assert.Equal(["alpha"], changed.GetProperty("servers").Strings());
        Assert.Equal(Url.ToString(), changed.GetProperty("url").GetString());
        Assert.Equal("new", changed.GetProperty("description").GetString());
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("description").ValueKind);
        Assert.Equal(["server.online", "server.offline"], cleared.GetProperty("events").Strings());
    }

    [Fact]
    public async Task Update_OfEnabled_SwitchesItOffAndOn()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url);

        var off = await PatchAsync(owner, hook, """{"enabled":false}""", HttpStatusCode.OK);
        var on = await PatchAsync(owner, hook, """{"enabled":true}""", HttpStatusCode.OK);

        Assert.False(off.GetProperty("enabled").GetBoolean());
        Assert.Equal("owner", off.GetProperty("disabledReason").GetString());
        Assert.True(on.GetProperty("enabled").GetBoolean());
        Assert.Equal(JsonValueKind.Null, on.GetProperty("disabledReason").ValueKind);
    }

    [Fact]
    public async Task Update_ThatRacesWithTheHubDisablingIt_LeavesItDisabled()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url);

        var changed = await PatchAmidAsync(owner, hook, """{"description":"new"}""", "UPDATE endpoints SET enabled = false, disabled_reason = 'gone' WHERE id = $1");

        Assert.Equal("new", changed.GetProperty("description").GetString());
        Assert.False(changed.GetProperty("enabled").GetBoolean());
        Assert.Equal("gone", changed.GetProperty("disabledReason").GetString());
    }

    [Fact]
    public async Task Update_ThatRacesWithAnotherOfOtherMembers_LosesNothing()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url, ["ping"]);

        var changed = await PatchAmidAsync(owner, hook, """{"packs":["mine"]}""", "UPDATE endpoints SET events = '{pack.updated}' WHERE id = $1");

        Assert.Equal(["pack.updated"], changed.GetProperty("events").Strings());
        Assert.Equal(["mine"], changed.GetProperty("packs").Strings());
    }

    [Fact]
    public async Task Update_ByARestrictedTokenThatRacesWithAWiderFilter_IsRefused()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url, ["ping"], packs: ["mine"]);
        using var restricted = api.CreateClient(owner.Caller with { Packs = ["mine"] });

        var error = await PatchAmidAsync(owner with { Client = restricted }, hook, """{"events":["pack.updated"]}""", "UPDATE endpoints SET packs = '{}' WHERE id = $1", HttpStatusCode.Forbidden);

        Assert.Equal("forbidden", error.GetProperty("code").GetString());
        Assert.Equal("ping", await api.ScalarAsync<string>("SELECT array_to_string(events, ',') FROM endpoints WHERE id = $1", hook.Id));
    }

    [Theory]
    [InlineData("""{"url":"https://127.1.1.1.1/","events":[]}""", "invalid_events")]
    [InlineData("""{"url":"http://192.168.0.1/"}""", "invalid_url")]
    [InlineData("""{"url":null}""", "invalid_url")]
    [InlineData("""{"events":null}""", "invalid_events")]
    [InlineData("""{"events":[]}""", "invalid_events")]
    [InlineData("""{"enabled":null}""", "invalid_enabled")]
    [InlineData("""{"enabled":"no"}""", "invalid_json")]
    [InlineData("""{"servers":["a b"]}""", "invalid_servers")]
    [InlineData("""{"enabled":true,"enabled":false}""", "invalid_json")]
    [InlineData("{", "invalid_json")]
    public async Task Update_WithABadBody_Is400AndChangesNothing(string body, string code)
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Url, ["ping"]);

        var error = await PatchAsync(owner, hook, body, HttpStatusCode.BadRequest);

        Assert.Equal(code, error.GetProperty("code").GetString());
        var json = await owner.Client.GetFromJsonAsync<JsonElement>($"{WebhookApi.Routes}/{hook.Id}");
        Assert.Equal(Url.ToString(), json.GetProperty("url").GetString());
        Assert.Equal(["ping"], json.GetProperty("events").Strings());
        Assert.True(json.GetProperty("enabled").GetBoolean());
    }

    private static async Task<JsonElement> PatchAsync(Owner owner, Hook hook, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await owner.Client.PatchAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative), content);
        Assert.Equal(expected, answer.StatusCode);
        return await answer.ReadJsonAsync();
    }

    /// <summary>Changes a webhook while somebody else, who came first, is about to commit a change of its row.</summary>
    private async Task<JsonElement> PatchAmidAsync(Owner owner, Hook hook, string body, string meanwhile, HttpStatusCode expected = HttpStatusCode.OK)
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(meanwhile, connection) { Parameters = { new() { Value = hook.Id } } };
        Assert.Equal(1, await command.ExecuteNonQueryAsync());

        var patching = PatchAsync(owner, hook, body, expected);
        await Testing.Wait.UntilAsync(
            async () => await api.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY (pg_blocking_pids(pid)))", connection.ProcessID),
            "the change waits for the row");
        await transaction.CommitAsync();
        return await patching;
    }
}
