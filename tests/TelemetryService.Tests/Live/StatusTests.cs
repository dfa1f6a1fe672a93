using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Servers;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests.Live;

public sealed class StatusTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Beat_First_AnnouncesTheServerOnlineOnce()
    {
        var server = await api.SeedServerAsync();
        await using var online = await api.ObserveAsync<ServerWentOnline>();

        await server.BeatOkAsync(new { currentPlayers = 4, maxPlayers = 8 });
        await server.BeatOkAsync(new { currentPlayers = 5, maxPlayers = 8 });

        var announced = await online.FirstAsync(went => went.ServerId == server.Id);
        Assert.Equal((server.Slug, server.Owner.AccountId, 4, 8), (announced.Slug, announced.OwnerId, announced.CurrentPlayers, announced.MaxPlayers));
        await api.AssertNothingLeftAsync();
        Assert.Single(online.Received, went => went.ServerId == server.Id);
    }

    [Fact]
    public async Task Beat_BeforeTheProjectionHasTheServer_AnnouncesItAllTheSame()
    {
        var owner = TestCallers.Token("owner", Role.ServerOwner, Scopes.ServersHeartbeat);
        var server = new TestServer(api, TelemetryApi.Changed(owner.AccountId, pack: null, api.Clock.GetUtcNow()), owner);
        api.Services.GetRequiredService<ServerMap>().Put(server.Changed.ToServer()); // this replica's memory was faster than the durable consumer
        await using var online = await api.ObserveAsync<ServerWentOnline>();

        await server.BeatOkAsync(new { currentPlayers = 1 });

        await online.FirstAsync(went => went.ServerId == server.Id);
        Assert.Equal(server.Slug, await api.ScalarAsync<string>("SELECT slug FROM servers WHERE id = $1", server.Id));
    }

    [Fact]
    public async Task Beat_AfterRedisLostEverything_AnnouncesNothingAgain()
    {
        var server = await api.SeedServerAsync();
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await online.FirstAsync(went => went.ServerId == server.Id);

        await api.Redis.ExecuteAsync("DEL"u8, [LiveState.HashPrefix + server.Id, LiveState.SeenKey]);
        await server.BeatOkAsync(new { currentPlayers = 1 });

        await api.AssertNothingLeftAsync();
        Assert.Single(online.Received, went => went.ServerId == server.Id);
        Assert.Equal("1", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "up"])).AsString());
    }

    [Fact]
    public async Task Beat_ThatAnnouncesAStop_TakesTheServerOfflineAtOnceAndTheNextOneBringsItBack()
    {
        var server = await api.SeedServerAsync();
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        await server.BeatOkAsync(new { currentPlayers = 1 });

        var answer = await server.BeatOkAsync(new { currentPlayers = 0, state = "stopping" });

        Assert.False(answer.GetProperty("online").GetBoolean());
        Assert.Equal(api.Clock.GetUtcNow(), (await offline.FirstAsync(went => went.ServerId == server.Id)).LastSeenAt);
        await server.BeatOkAsync(new { currentPlayers = 2 });
        await online.FirstAsync(went => went.ServerId == server.Id && went.CurrentPlayers == 2);
    }

    [Fact]
    public async Task Stop_ThatAReplicaBringsLate_DoesNotEndAServerThatBeatSince()
    {
        var server = await api.SeedServerAsync();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        await server.BeatOkAsync(new { currentPlayers = 1 });

        await BringLateAsync(server, stopping: true);

        Assert.True(await api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id));
        Assert.Equal("1", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "up"])).AsString());
        Assert.False((await api.Redis.ExecuteAsync("ZSCORE"u8, [LiveState.SeenKey, server.Id.ToString()])).IsNull);
        await api.AssertNothingLeftAsync();
        Assert.DoesNotContain(offline.Received, went => went.ServerId == server.Id);
    }

    [Fact]
    public async Task Stop_ThatALaterBeatOvertakesWhileTheDatabaseNeedNotBeAsked_ChangesNothing()
    {
        var server = await api.SeedServerAsync();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        api.Clock.Advance(TimeSpan.FromSeconds(60));
        await server.BeatOkAsync(new { currentPlayers = 1 }); // the database is told of the first one only

        await BringLateAsync(server, stopping: true);

        Assert.True(await api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id));
        Assert.Equal("1", (await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "up"])).AsString());
        await api.AssertNothingLeftAsync();
        Assert.DoesNotContain(offline.Received, went => went.ServerId == server.Id);
    }

    [Fact]
    public async Task Beat_OfAServerThatIsOnlineInRedisAlone_IsFoundOutWithTheNextSlot()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await api.ExecuteAsync("UPDATE server_status SET online = false WHERE server_id = $1", server.Id);
        await using var online = await api.ObserveAsync<ServerWentOnline>();

        await api.WaitUntilAsync(
            async () =>
            {
                api.Clock.Advance(TimeSpan.FromMinutes(2));
                await server.BeatOkAsync(new { currentPlayers = 2 });
                return await api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id);
            },
            TimeSpan.FromSeconds(30), "it is online");
        await online.FirstAsync(went => went.ServerId == server.Id);
    }

    [Fact]
    public async Task Beat_ThatAReplicaBringsLate_DoesNotBringBackAServerThatStoppedSince()
    {
        var server = await api.SeedServerAsync();
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await online.FirstAsync(went => went.ServerId == server.Id);
        await server.BeatOkAsync(new { currentPlayers = 0, state = "stopping" });

        await BringLateAsync(server, stopping: false);

        Assert.False(await api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id));
        Assert.True((await api.Redis.ExecuteAsync("HGET"u8, [LiveState.HashPrefix + server.Id, "up"])).IsNull); // else no later beat would ask the database
        Assert.True((await api.Redis.ExecuteAsync("ZSCORE"u8, [LiveState.SeenKey, server.Id.ToString()])).IsNull);
        await api.AssertNothingLeftAsync();
        Assert.Single(online.Received, went => went.ServerId == server.Id);

        await server.BeatOkAsync(new { currentPlayers = 2 });
        await online.FirstAsync(went => went.ServerId == server.Id && went.CurrentPlayers == 2);
    }

    /// <summary>Brings a beat of ten seconds ago, as a replica does that kept it while it could not reach Redis.</summary>
    private async Task BringLateAsync(TestServer server, bool stopping)
    {
        var at = api.Clock.GetUtcNow().AddSeconds(-10);
        var beat = new Beat(server.Changed.ToServer(), new Reading(1, null, null, null, stopping, null), at, at.ToUnixTimeMilliseconds() * 1_000_000);
        var stamps = await api.Services.GetRequiredService<LiveState>().RestoreAsync([beat], CancellationToken.None);
        api.Services.GetRequiredService<StatusJournal>().Follow(beat, stamps[0]);
        Assert.Equal(BeatOutcome.Stored, (await beat.Result).Outcome);
    }

    [Fact]
    public async Task Beat_TellsTheCatalogPlayersAndUptime()
    {
        var server = await api.SeedServerAsync();
        await using var live = await api.ObserveAsync<ServersLive>();

        await server.BeatOkAsync(new { currentPlayers = 6, maxPlayers = 9 });

        await api.StepUntilAsync(() => Task.FromResult(live.Received.Any(batch => batch.Servers.Any(entry => entry.ServerId == server.Id))), "the live state is announced");
        var told = live.Received.SelectMany(batch => batch.Servers).First(entry => entry.ServerId == server.Id);
        Assert.Equal((6, 9, true, 100.0), (told.CurrentPlayers, told.MaxPlayers, told.Online, told.UptimePct));
    }
}
