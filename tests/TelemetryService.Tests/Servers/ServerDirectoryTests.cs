using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Servers;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests.Servers;

public sealed class ServerDirectoryTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Beat_BeforeTheServersEvent_AsksTheCatalogOnce()
    {
        var (server, asked) = Unannounced(HttpStatusCode.OK);

        await server.BeatOkAsync(new { currentPlayers = 3 });
        await server.BeatOkAsync(new { currentPlayers = 3 });

        Assert.Equal(1, asked());
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM servers WHERE id = $1 AND revision = 1", server.Id));
    }

    [Fact]
    public async Task Beat_OfASlugThatNobodyHas_AsksTheCatalogAtMostTwiceASecond()
    {
        var (server, asked) = Unannounced(HttpStatusCode.NotFound);
        using (var answer = await server.BeatAsync(new { })) await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
        using (var answer = await server.BeatAsync(new { })) await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
        Assert.Equal(1, asked());

        api.Clock.Advance(TimeSpan.FromMilliseconds(500));
        using (var answer = await server.BeatAsync(new { })) await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
        Assert.Equal(2, asked());
    }

    [Fact]
    public async Task Beat_OfASlugThatWasFreeAMomentAgo_IsTakenBeforeItsEvent()
    {
        var (server, _) = Unannounced(HttpStatusCode.NotFound);
        using (var answer = await server.BeatAsync(new { currentPlayers = 1 })) await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");

        var body = JsonSerializer.Serialize(server.Changed, ApiJson.Options);
        api.Catalog.Answer(request => request.Target == $"/internal/servers/{server.Slug}" ? new(HttpStatusCode.OK, body) : new(HttpStatusCode.NotFound));
        api.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await server.BeatOkAsync(new { currentPlayers = 1 });
    }

    [Fact]
    public async Task Beat_WithTheCatalogAway_Is503()
    {
        var (server, _) = Unannounced(HttpStatusCode.InternalServerError);
        using var answer = await server.BeatAsync(new { currentPlayers = 1 });
        await Answers.AssertErrorAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Beat_AfterTheServerWasRemoved_Is404AndALateEventDoesNotBringItBack()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        var removed = new ServerRemoved(Guid.CreateVersion7(), api.Clock.GetUtcNow(), server.Id, server.Slug, Revision: 3, server.Owner.AccountId, "A server");

        await api.PublishAsync(removed);
        await api.WaitUntilAsync(async () => await api.ScalarAsync<bool>("SELECT removed FROM servers WHERE id = $1", server.Id), TimeSpan.FromSeconds(20), "the server is removed");
        await api.PublishAsync(server.Changed with { EventId = Guid.CreateVersion7(), Revision = 2 });
        var next = await api.SeedServerAsync(); // its event comes after the late one

        using var answer = await server.BeatAsync(new { currentPlayers = 1 });
        await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
        Assert.NotEqual(server.Id, next.Id);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM server_status WHERE server_id = $1", server.Id));
    }

    [Fact]
    public async Task Beat_AfterANewVersion_NamesItAtOnceAndAWithdrawalTakesItBack()
    {
        var (pack, owner) = ($"pack-{Guid.NewGuid():N}", Guid.NewGuid());
        var server = await api.SeedServerAsync(new AttachedPack(pack, owner, Pin: null, Version: "1.0.0"));
        var now = api.Clock.GetUtcNow();

        await api.PublishAsync(new PackVersionPublished(
            Guid.CreateVersion7(), now, pack, Revision: 5, owner, "public", "Pack", "1.1.0", "Somebody", "7d2d", "1.0", "2026-01-01T00:00:00Z", 1, 1, new string('0', 64), "a/b"));
        await VersionBecomesAsync(server, "1.1.0");
        await api.PublishAsync(new PackVersionWithdrawn(Guid.CreateVersion7(), now, pack, Revision: 6, owner, "1.1.0", "broken", "1.0.0"));
        await VersionBecomesAsync(server, "1.0.0");

        Assert.Equal("1.0.0", (await server.BeatOkAsync(new { currentPlayers = 0 })).GetProperty("attachedPack").GetProperty("version").GetString());
        await api.WaitUntilAsync(async () => await api.ScalarAsync<string>("SELECT latest_version FROM packs WHERE slug = $1", pack) == "1.0.0", TimeSpan.FromSeconds(20), "it is durable");
    }

    [Fact]
    public async Task Refresh_OfAMapThatMissedEvents_BringsThemFromTheProjection()
    {
        var server = await api.SeedServerAsync(new AttachedPack($"pack-{Guid.NewGuid():N}", Guid.NewGuid(), Pin: null, Version: "2.0.0"));
        await api.WaitUntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM packs WHERE slug = $1", server.Changed.Pack!.Slug) == 1, TimeSpan.FromSeconds(20), "it is projected");
        var map = new ServerMap(api.Clock);

        await new ServerMapRefresh(api.Services.GetRequiredService<ServerQueries>(), map).RunAsync(CancellationToken.None);

        var known = Assert.IsType<KnownServer>(map.Find(server.Slug));
        Assert.Equal(server.Id, known.Id);
        Assert.Equal("2.0.0", map.VersionFor(known));
    }

    private Task VersionBecomesAsync(TestServer server, string version)
    {
        var map = api.Services.GetRequiredService<ServerMap>();
        return api.WaitUntilAsync(() => Task.FromResult(map.VersionFor(map.Find(server.Slug)!) == version), TimeSpan.FromSeconds(20), $"the version becomes {version}");
    }

    /// <summary>A server that only the catalog knows, or nobody, and how often the catalog was asked for it.</summary>
    private (TestServer Server, Func<int> Asked) Unannounced(HttpStatusCode status)
    {
        var owner = TestCallers.Token("owner", Role.ServerOwner, Scopes.ServersHeartbeat);
        var changed = TelemetryApi.Changed(owner.AccountId, pack: null, api.Clock.GetUtcNow());
        var path = $"/internal/servers/{changed.Slug}";
        api.Catalog.Answer(request => request.Target == path ? new(status, JsonSerializer.Serialize(changed, ApiJson.Options)) : new(HttpStatusCode.NotFound));
        return (new(api, changed, owner), () => api.Catalog.Received.Count(request => request.Target == path));
    }
}
