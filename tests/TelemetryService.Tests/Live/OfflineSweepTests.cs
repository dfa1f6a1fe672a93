using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Tests.Live;

public sealed class OfflineSweepTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Sweep_OfASilentServer_TakesItOfflineOnceAndNotBeforeItsTime()
    {
        await StepAsync(TimeSpan.FromMinutes(6)); // the hub has been receiving for longer than the threshold
        var (silent, beating) = (await api.SeedServerAsync(), await api.SeedServerAsync());
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        var lastSeen = (await silent.BeatOkAsync(new { currentPlayers = 1 })).GetProperty("lastSeenAt").GetDateTimeOffset();

        await StepAsync(TimeSpan.FromMinutes(4.5));
        await beating.BeatOkAsync(new { currentPlayers = 1 });
        Assert.True(await IsOnlineAsync(silent));
        await StepAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(lastSeen, (await offline.FirstAsync(went => went.ServerId == silent.Id)).LastSeenAt);
        Assert.False(await IsOnlineAsync(silent));
        Assert.True(await IsOnlineAsync(beating));
        await api.AssertNothingLeftAsync();
        Assert.Single(offline.Received, went => went.ServerId == silent.Id);

        await silent.BeatOkAsync(new { currentPlayers = 1 });
        Assert.True(await IsOnlineAsync(silent));
    }

    [Fact]
    public async Task Sweep_AfterTheHubWasAway_GivesEveryServerTheWholeTimeAgain()
    {
        await StepAsync(TimeSpan.FromMinutes(6));
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });

        await api.ExecuteAsync("UPDATE hub_receiving SET last_pulse = last_pulse - interval '10 minutes'"); // nobody pulsed: the hub was down
        await StepAsync(TimeSpan.FromMinutes(4.5));
        await SweepAsync();
        Assert.True(await IsOnlineAsync(server));

        await StepAsync(TimeSpan.FromMinutes(1.5));
        Assert.False(await IsOnlineAsync(server));
    }

    [Fact]
    public async Task Sweep_AfterRedisLostEverything_StillFindsServersThatNeverBeatAgain()
    {
        await StepAsync(TimeSpan.FromMinutes(6));
        var server = await api.SeedServerAsync();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        api.Clock.Advance(TimeSpan.FromSeconds(30));
        var lastSeen = (await server.BeatOkAsync(new { currentPlayers = 1 })).GetProperty("lastSeenAt").GetDateTimeOffset(); // of this one the database is not told
        await api.Redis.ExecuteAsync("DEL"u8, [LiveState.SeenKey, LiveState.HashPrefix + server.Id]);

        await StepAsync(TimeSpan.FromMinutes(11)); // a repair comes within 5 minutes, then the threshold

        Assert.False(await IsOnlineAsync(server));
        var told = (await offline.FirstAsync(went => went.ServerId == server.Id)).LastSeenAt;
        Assert.True(told >= lastSeen, $"{told:O} is before {lastSeen:O}: whoever keeps the later of two times would not believe it");
    }

    [Fact]
    public async Task Sweep_OfABeatBetweenTwoMilliseconds_TellsItsTimeAsTheLiveStateDid()
    {
        await StepAsync(TimeSpan.FromMinutes(6));
        api.Clock.Advance(TimeSpan.FromTicks(4_567));
        var server = await api.SeedServerAsync();
        await using var live = await api.ObserveAsync<ServersLive>();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        var answered = (await server.BeatOkAsync(new { currentPlayers = 1 })).GetProperty("lastSeenAt").GetDateTimeOffset();
        await api.Services.GetRequiredService<LiveAnnouncer>().RunAsync(CancellationToken.None);

        await StepAsync(TimeSpan.FromMinutes(6));

        var announced = (await live.FirstAsync(batch => batch.Servers.Any(entry => entry.ServerId == server.Id))).Servers.Single(entry => entry.ServerId == server.Id);
        Assert.Equal(answered, announced.LastSeenAt); // who keeps the later of two times must find them equal
        Assert.Equal(answered, (await offline.FirstAsync(went => went.ServerId == server.Id)).LastSeenAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_WhoseHolderDiesInTheMiddle_IsFinishedByTheNextOneWithOneEventEach(bool committed)
    {
        await StepAsync(TimeSpan.FromMinutes(6));
        var servers = new List<TestServer>();
        for (var i = 0; i < 5; i++) servers.Add(await api.SeedServerAsync());
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        foreach (var server in servers) await server.BeatOkAsync(new { currentPlayers = 1 });
        await PulseAsync(TimeSpan.FromMinutes(5.5));

        // A replica that dies right after it found them, or right after it told the database of them.
        var (now, status) = (api.Clock.GetUtcNow(), api.Services.GetRequiredService<StatusQueries>());
        var cutoff = now - TimeSpan.FromMinutes(5);
        var dead = await api.ScalarAsync<long>("SELECT fence FROM hub_receiving") + 1;
        await api.Redis.ExecuteAsync(LiveScripts.Silent, [LiveState.SeenKey], [cutoff.ToUnixTimeMilliseconds(), 500, LiveState.HashPrefix]);
        if (committed) Assert.Equal(3, await status.TakeOfflineAsync([.. servers.Take(3).Select(server => new SilentServer(server.Id, cutoff))], cutoff, now, dead, CancellationToken.None));

        var survivor = ActivatorUtilities.CreateInstance<OfflineSweep>(api.Services);
        Assert.Equal(committed ? 2 : 5, await survivor.RunAsync(dead + 1, CancellationToken.None));
        Assert.Null(await status.TakeOfflineAsync([new(servers[0].Id, cutoff)], cutoff, now, dead, CancellationToken.None)); // it wakes up late
        Assert.Equal(0, await survivor.RunAsync(dead + 1, CancellationToken.None));

        foreach (var server in servers) await offline.FirstAsync(went => went.ServerId == server.Id);
        await api.AssertNothingLeftAsync();
        Assert.All(servers, server => Assert.Single(offline.Received, went => went.ServerId == server.Id));
        await api.Redis.ExecuteAsync("DEL"u8, ["telemetry:sweep"]);
    }

    [Fact]
    public async Task Lease_OfAHolderThatDied_IsTakenOverWithinTenSeconds()
    {
        await api.Redis.ExecuteAsync("DEL"u8, ["telemetry:sweep"]);
        await new SweepLease(api.Redis).TryHoldAsync(CancellationToken.None);

        var left = (await api.Redis.ExecuteAsync("PTTL"u8, ["telemetry:sweep"])).AsInteger();

        Assert.InRange(TimeSpan.FromMilliseconds(left) + SweepLease.Renewal, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        await api.Redis.ExecuteAsync("DEL"u8, ["telemetry:sweep"]);
    }

    [Fact]
    public async Task Lease_WhileAnotherReplicaHoldsIt_IsRefusedAndItsHolderRenewsIt()
    {
        var (first, second) = (new SweepLease(api.Redis), new SweepLease(api.Redis));
        await api.Redis.ExecuteAsync("DEL"u8, ["telemetry:sweep"]);
        var fence = await first.TryHoldAsync(CancellationToken.None);

        Assert.NotNull(fence);
        Assert.Null(await second.TryHoldAsync(CancellationToken.None));
        Assert.Equal(fence, await first.TryHoldAsync(CancellationToken.None));
        await api.Redis.ExecuteAsync("DEL"u8, ["telemetry:sweep"]);
        Assert.True(await second.TryHoldAsync(CancellationToken.None) > fence);
        await api.Redis.ExecuteAsync("DEL"u8, ["telemetry:sweep"]);
    }

    [Fact]
    public async Task TakeOffline_WithAnOlderFence_ChangesNothing()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        var fence = await api.ScalarAsync<long>("SELECT fence FROM hub_receiving");
        var (status, now) = (api.Services.GetRequiredService<StatusQueries>(), api.Clock.GetUtcNow());

        await api.ExecuteAsync("UPDATE hub_receiving SET fence = $1", long.MaxValue);
        var taken = await status.TakeOfflineAsync([new(server.Id, now)], now.AddDays(1), now, fence: 1, CancellationToken.None);
        await api.ExecuteAsync("UPDATE hub_receiving SET fence = $1", fence);

        Assert.Null(taken);
        Assert.True(await IsOnlineAsync(server));
    }

    private Task<bool> IsOnlineAsync(TestServer server) => api.ScalarAsync<bool>("SELECT online FROM server_status WHERE server_id = $1", server.Id);

    /// <summary>Lets time pass as it does for a hub that runs: with a pulse every ten seconds, and a sweep.</summary>
    private async Task StepAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += HubPulse.Interval)
        {
            api.Clock.Advance(HubPulse.Interval);
            await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
            await SweepAsync();
        }
    }

    /// <summary>Lets time pass while the hub receives and nobody sweeps.</summary>
    private async Task PulseAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += HubPulse.Interval)
        {
            await api.Redis.ExecuteAsync("HSET"u8, ["telemetry:sweep", "holder", "nobody", "fence", 0]);
            api.Clock.Advance(HubPulse.Interval);
            await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        }
    }

    /// <summary>Sweeps if the service holds the lease, or gets it now.</summary>
    private async Task SweepAsync()
    {
        if (await api.Services.GetRequiredService<SweepLease>().TryHoldAsync(CancellationToken.None) is { } fence)
            await api.Services.GetRequiredService<OfflineSweep>().RunAsync(fence, CancellationToken.None);
    }
}
