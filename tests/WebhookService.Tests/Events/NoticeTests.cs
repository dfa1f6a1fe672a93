using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Events;

/// <summary>What becomes of each event of the hub: published on the real bus, received as a webhook.</summary>
public sealed class NoticeTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task VersionPublished_OnTheBus_ReachesTheWebhook()
    {
        var version = await DeliverAsync((owner, _) => api.Published(owner.Id));

        Assert.Equal("pack.version_published", version.Name);
        Assert.Equal(
            ["slug", "name", "version", "publisher", "game", "gameVersion", "publishedAt", "fileCount", "totalSizeBytes", "manifestUrl", "manifestSha256"], version.Data.Members());
        Assert.Equal("vector-one", Text(version, "slug"));
        Assert.Equal("Vector “One” / 🦊", Text(version, "name"));
        Assert.Equal("1.0.0", Text(version, "version"));
        Assert.Equal("Vectors", Text(version, "publisher"));
        Assert.Equal("7d2d", Text(version, "game"));
        Assert.Equal("V2.0", Text(version, "gameVersion"));
        Assert.Equal("2026-01-02T03:04:05Z", Text(version, "publishedAt")); // as signed, not reformatted
        Assert.Equal(12, version.Data.GetProperty("fileCount").GetInt32());
        Assert.Equal(5_000_000_000, version.Data.GetProperty("totalSizeBytes").GetInt64());
        Assert.Equal("http://localhost:8080/api/v1/packs/vector-one/manifest/1.0.0", Text(version, "manifestUrl"));
        Assert.Equal(HubEvents.ManifestSha256, Text(version, "manifestSha256"));
    }

    [Fact]
    public async Task ServerWentOnline_OnTheBus_ReachesTheWebhook()
    {
        var online = await DeliverAsync((owner, _) => api.Online(owner.Id));
        var unknownSlots = await DeliverAsync((owner, _) => api.Online(owner.Id, maxPlayers: null));

        Assert.Equal("server.online", online.Name);
        Assert.Equal("""{"slug":"alpha","name":"Alpha","currentPlayers":3,"maxPlayers":16}""", online.Data.GetRawText());
        Assert.Equal("""{"slug":"alpha","name":"Alpha","currentPlayers":3,"maxPlayers":null}""", unknownSlots.Data.GetRawText());
    }

    [Fact]
    public async Task OtherPackEvents_OnTheBus_ReachTheWebhook()
    {
        const string Pack = """{"slug":"vector-one","name":"Vector One","game":"7d2d","visibility":"unlisted","latestVersion":"1.0.0"}""";
        await AssertAsync((owner, _) => api.PackChanged(owner.Id, created: true), "pack.created", Pack);
        await AssertAsync((owner, _) => api.PackChanged(owner.Id, created: false), "pack.updated", Pack);
        await AssertAsync((owner, _) => api.PackRemoved(owner.Id), "pack.deleted", """{"slug":"vector-one","name":"Vector One"}""");
        await AssertAsync(
            (owner, _) => api.Withdrawn(owner.Id, "breaks saves"), "pack.version_withdrawn",
            """{"slug":"vector-one","version":"1.0.0","reason":"breaks saves","latestVersion":"0.9.0"}""");
    }

    [Fact]
    public async Task OtherServerEvents_OnTheBus_ReachTheWebhook()
    {
        const string Bare = """{"slug":"alpha","name":"Alpha","region":"eu","game":"7d2d","maxPlayers":16,"pack":null}""";
        const string WithPack = """{"slug":"alpha","name":"Alpha","region":"eu","game":"7d2d","maxPlayers":16,"pack":{"slug":"vector-one","pin":"0.9.0","version":"0.9.0"}}""";
        await AssertAsync((owner, _) => api.ServerChanged(owner.Id, ServerChange.Created), "server.created", Bare);
        await AssertAsync((owner, _) => api.ServerChanged(owner.Id, ServerChange.Updated), "server.updated", Bare);
        await AssertAsync((owner, _) => api.ServerChanged(owner.Id, ServerChange.PackDetached), "server.updated", Bare);
        await AssertAsync(
            (owner, other) => api.ServerChanged(owner.Id, ServerChange.PackAttached, new AttachedPack("vector-one", other.Id, "0.9.0", "0.9.0")), "server.pack_attached", WithPack);
        await AssertAsync((owner, _) => api.ServerRemoved(owner.Id), "server.deleted", """{"slug":"alpha","name":"Alpha"}""");
        await AssertAsync((owner, _) => api.Offline(owner.Id), "server.offline", """{"slug":"alpha","name":"Alpha","lastSeenAt":"2026-01-02T03:04:05.000Z"}""");
    }

    private async Task AssertAsync<TEvent>(Func<Owner, Owner, TEvent> make, string name, string data)
        where TEvent : class, IHubEvent
    {
        var told = await DeliverAsync(make);
        Assert.Equal(name, told.Name);
        Assert.Equal(data, told.Data.GetRawText());
    }

    /// <summary>Publishes an event for a fresh owner who listens to everything, and gives what their receiver got.</summary>
    private async Task<Told> DeliverAsync<TEvent>(Func<Owner, Owner, TEvent> make)
        where TEvent : class, IHubEvent
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        await WebhookApi.CreateAsync(owner, receiver.Url);
        var hubEvent = make(owner, api.NewOwner());
        await api.PublishAsync(hubEvent);

        var request = await receiver.FirstAsync();
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal(["event", "deliveryId", "occurredAt", "data"], body.Members());
        Assert.Equal(body.GetProperty("event").GetString(), request.Headers["X-PackRelay-Event"]);
        Assert.Equal(body.GetProperty("deliveryId").GetString(), request.Headers["X-PackRelay-Delivery"]);
        Assert.Equal(hubEvent.OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture), body.GetProperty("occurredAt").GetString());
        return new Told(body.GetProperty("event").GetString()!, body.GetProperty("data"));
    }

    private static string? Text(Told told, string member) => told.Data.GetProperty(member).GetString();

    private sealed record Told(string Name, JsonElement Data);
}
