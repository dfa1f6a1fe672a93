using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Servers;

public sealed class AttachPackTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Attach_WithoutAPin_FollowsTheLatest()
    {
        await using var events = await api.ObserveAsync<ServerChanged>();
        var publisher = api.NewPublisher();
        var pack = await publisher.PublishPackAsync("1.0.0");
        var server = await publisher.CreateServerAsync();
        await api.Anonymous.GetAsync($"/api/v1/servers/{server}/manifest").FailsAsync(HttpStatusCode.NotFound, "no_pack_attached");

        var attached = (await PutAsync(publisher.Client, server, new { slug = pack, version = (string?)null }).JsonAsync()).GetProperty("attachedPack");
        Assert.Equal(["attachedVersion", "coverImage", "latestVersion", "name", "slug"], attached.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((pack, "1.0.0", null), (attached.GetProperty("slug").GetString(), attached.GetProperty("latestVersion").GetString(), attached.GetProperty("attachedVersion").GetString()));
        var second = await publisher.PublishAsync(pack, "2.0.0");
        using var manifest = await api.Anonymous.GetAsync($"/api/v1/servers/{server}/manifest");
        Assert.Equal(second, await manifest.Content.ReadAsByteArrayAsync());
        Assert.Equal(($"\"{Publisher.Sha256(second)}\"", "public, max-age=15"), (manifest.Headers.ETag?.ToString(), manifest.Headers.CacheControl?.ToString()));

        var change = await events.FirstAsync(found => found.Slug == server && found.Change == ServerChange.PackAttached);
        Assert.Equal((2L, new AttachedPack(pack, publisher.Caller.AccountId, null, "1.0.0")), (change.Revision, change.Pack));
        var state = await api.Anonymous.GetAsync($"/internal/servers/{server}").JsonAsync();
        Assert.Equal(
            ["change", "createdAt", "eventId", "game", "maxPlayers", "name", "occurredAt", "ownerId", "pack", "region", "revision", "serverId", "showPlayers", "slug"],
            state.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((change.ServerId, "2.0.0"), (state.GetProperty("serverId").GetGuid(), state.GetProperty("pack").GetProperty("version").GetString()));
    }

    [Fact]
    public async Task Attach_WithAPin_StaysOnItUntilItIsWithdrawn()
    {
        var publisher = api.NewPublisher();
        var pack = await publisher.PublishPackAsync();
        var first = await publisher.PublishAsync(pack, "1.0.0");
        await publisher.PublishAsync(pack, "2.0.0");
        var server = await publisher.CreateServerAsync();
        var attached = await PutAsync(publisher.Client, server, new { slug = pack, version = "1.0.0" }).JsonAsync();
        Assert.Equal("1.0.0", attached.GetProperty("attachedPack").GetProperty("attachedVersion").GetString());
        Assert.Equal(first, await api.Anonymous.GetByteArrayAsync($"/api/v1/servers/{server}/manifest"));
        await publisher.Client.PostAsync($"/api/v1/packs/{pack}/versions/1.0.0/withdraw", new { reason = "x" }).SucceedsAsync();
        await api.Anonymous.GetAsync($"/api/v1/servers/{server}/manifest").FailsAsync(HttpStatusCode.Gone, "withdrawn");
        await PutAsync(publisher.Client, server, new { slug = pack, version = "1.0.0" }).FailsAsync(HttpStatusCode.Gone, "withdrawn");
    }

    [Fact]
    public async Task Attach_TheSameAgain_ChangesNothing()
    {
        var publisher = api.NewPublisher();
        var pack = await publisher.CreatePackAsync();
        var server = await publisher.CreateServerAsync();
        foreach (var _ in Enumerable.Range(0, 2)) await PutAsync(publisher.Client, server, new { slug = pack }).JsonAsync();
        Assert.Equal(2, await api.ScalarAsync<long>("SELECT revision FROM servers WHERE slug = $1", server));
        await api.Anonymous.GetAsync($"/api/v1/servers/{server}/manifest").FailsAsync(HttpStatusCode.NotFound, "no_pack_attached"); // no version yet
    }

    [Fact]
    public async Task Detach_Pack_LeavesNone()
    {
        await using var events = await api.ObserveAsync<ServerChanged>();
        var publisher = api.NewPublisher();
        var pack = await publisher.PublishPackAsync("1.0.0");
        var server = await publisher.CreateServerAsync();
        await PutAsync(publisher.Client, server, new { slug = pack }).JsonAsync();
        var detached = await publisher.Client.DeleteAsync($"/api/v1/servers/{server}/pack").JsonAsync();
        Assert.Equal(JsonValueKind.Null, detached.GetProperty("attachedPack").ValueKind);
        Assert.Null((await events.FirstAsync(found => found.Slug == server && found.Change == ServerChange.PackDetached)).Pack);
        await api.Anonymous.GetAsync($"/api/v1/servers/{server}/manifest").FailsAsync(HttpStatusCode.NotFound, "no_pack_attached");
    }

    [Fact]
    public async Task Attach_PrivatePack_IsShownToItsOwnerOnly()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var pack = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.PublishAsync(pack, "1.0.0");
        var server = await publisher.CreateServerAsync();
        await PutAsync(publisher.Client, server, new { slug = pack }).JsonAsync();
        await publisher.Client.GetAsync($"/api/v1/servers/{server}/manifest").JsonAsync();
        await api.Anonymous.GetAsync($"/api/v1/servers/{server}/manifest").FailsAsync(HttpStatusCode.NotFound, "no_pack_attached");
        Assert.Equal(JsonValueKind.Null, (await api.Anonymous.GetAsync($"/api/v1/servers/{server}").JsonAsync()).GetProperty("attachedPack").ValueKind);
        Assert.Empty((await api.Anonymous.GetAsync($"/api/v1/servers?pack={pack}").JsonAsync()).Slugs("servers"));
        Assert.Equal([server], (await publisher.Client.GetAsync($"/api/v1/servers?pack={pack}").JsonAsync()).Slugs("servers"));

        var other = api.NewPublisher();
        await PutAsync(other.Client, await other.CreateServerAsync(), new { slug = pack }).FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Attach_UnknownOrWithoutTheRight_IsRefused()
    {
        var publisher = api.NewPublisher();
        var pack = await publisher.CreatePackAsync();
        var server = await publisher.CreateServerAsync();
        await PutAsync(publisher.Client, server, new { slug = "no-such-pack" }).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await PutAsync(publisher.Client, server, new { slug = pack, version = "1.0.0" }).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await PutAsync(publisher.Client, server, new { }).FailsAsync(HttpStatusCode.BadRequest, "invalid_json");
        await PutAsync(publisher.Client, "no-such-server", new { }).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await PutAsync(api.Anonymous, server, new { }).FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await PutAsync(api.CreateClient(TestCallers.Session("player")), server, new { }).FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await PutAsync(publisher.ClientWith(caller => caller with { Scopes = new HashSet<string>() }), server, new { }).FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await PutAsync(api.NewPublisher().Client, server, new { }).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await PutAsync(publisher.ClientWith(caller => caller with { Servers = ["another"] }), server, new { }).FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        await api.NewPublisher().Client.DeleteAsync($"/api/v1/servers/{server}/pack").FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await api.Anonymous.GetAsync("/api/v1/servers/no-such-server/manifest").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string server, object body) => client.PutAsJsonAsync($"/api/v1/servers/{server}/pack", body);
}
