using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Testing.Documents;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Events;

/// <summary>What is served and printed of the events, against what is sent.</summary>
public sealed class EventTypeTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private static readonly string[] Names =
    [
        "pack.created", "pack.deleted", "pack.updated", "pack.version_published", "pack.version_withdrawn", "ping",
        "server.created", "server.deleted", "server.offline", "server.online", "server.pack_attached", "server.updated",
    ];

    [Fact]
    public async Task List_ForAnyone_HasASchemaOfEveryEvent()
    {
        using var anyone = api.CreateClient();
        using var answer = await anyone.GetAsync(new Uri($"{WebhookApi.Routes}/events", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl!.ToString());
        var events = (await answer.ReadJsonAsync()).GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(Names, events.Select(type => type.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(events, type => Assert.NotEmpty(type.GetProperty("description").GetString()!));
        var published = events.Single(type => type.GetProperty("name").GetString() == "pack.version_published").GetProperty("schema");
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", published.GetProperty("$schema").GetString());
        var data = published.GetProperty("properties").GetProperty("data");
        Assert.Equal(11, data.GetProperty("required").GetArrayLength());
        Assert.Equal("Sum of the files' sizes in bytes.", data.GetProperty("properties").GetProperty("totalSizeBytes").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Schemas_JudgeWhatIsSent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await api.PublishAsync(api.Published(owner.Id));
        await api.PublishAsync(api.PackChanged(owner.Id, created: true));
        await api.PublishAsync(api.PackChanged(owner.Id, created: false));
        await api.PublishAsync(api.PackRemoved(owner.Id));
        await api.PublishAsync(api.Withdrawn(owner.Id, "breaks saves"));
        await api.PublishAsync(api.ServerChanged(owner.Id, ServerChange.Created));
        await api.PublishAsync(api.ServerChanged(owner.Id, ServerChange.Updated));
        await api.PublishAsync(api.ServerChanged(owner.Id, ServerChange.PackAttached, new AttachedPack("vector-one", owner.Id, null, "1.0.0")));
        await api.PublishAsync(api.ServerRemoved(owner.Id));
        await api.PublishAsync(api.Online(owner.Id, maxPlayers: null));
        await api.PublishAsync(api.Offline(owner.Id));
        await WebhookApi.PingAsync(owner, hook);

        var received = await receiver.CountAsync(Names.Length);

        var schemas = await SchemasAsync();
        Assert.Equal(Names, received.Select(request => request.Headers["X-PackRelay-Event"]).Order(StringComparer.Ordinal));
        foreach (var request in received) AssertFits(schemas, JsonDocument.Parse(request.Body).RootElement);
    }

    [Fact]
    public async Task Examples_OfTheDocument_ShowEveryEventAsItsSchemaSays()
    {
        var schemas = await SchemasAsync();
        var examples = WebhooksPage.Blocks("json").Select(block => JsonDocument.Parse(block).RootElement).ToList();

        Assert.Equal(Names, examples.Select(example => example.GetProperty("event").GetString()!).Order(StringComparer.Ordinal));
        foreach (var example in examples) AssertFits(schemas, example);
    }

    [Fact]
    public async Task Schemas_OfABodyThatLacksAMember_RefuseIt()
    {
        var schemas = await SchemasAsync();
        var lacking = JsonDocument.Parse(
            """{"event":"pack.deleted","deliveryId":"0199f2c5-7a10-7c3e-9d41-2f6f1c0a5b77","occurredAt":"2026-01-02T03:04:05.000Z","data":{"slug":"my-pack"}}""").RootElement;

        Assert.Equal(["$.data: the member 'name' is missing"], new JsonSchema(schemas["pack.deleted"], isClosed: true).Problems(schemas["pack.deleted"], lacking));
    }

    private static void AssertFits(Dictionary<string, JsonElement> schemas, JsonElement body)
    {
        var schema = schemas[body.GetProperty("event").GetString()!];
        JsonSchema.Know(schema);
        Assert.Empty(new JsonSchema(schema, isClosed: true).Problems(schema, body));
    }

    private async Task<Dictionary<string, JsonElement>> SchemasAsync()
    {
        using var anyone = api.CreateClient();
        var list = await anyone.GetFromJsonAsync<JsonElement>(new Uri($"{WebhookApi.Routes}/events", UriKind.Relative));
        return list.GetProperty("events").EnumerateArray().ToDictionary(type => type.GetProperty("name").GetString()!, type => type.GetProperty("schema"), StringComparer.Ordinal);
    }
}
