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
        await silent.BeatOkAsync(new { currentPlayers = 1 });
        var lastSeen = api.Clock.GetUtcNow();

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
        await server.BeatOkAsync(new { currentPlayers = 1 });
        await api.Redis.ExecuteAsync("DEL"u8, [LiveState.SeenKey, LiveState.HashPrefix + server.Id]);

        await StepAsync(TimeSpan.FromMinutes(11)); // a repair comes within 5 minutes, then the threshold

        Assert.False(await IsOnlineAsync(server));
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

        Assert.Equal(0, taken);
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

    private Task<int> SweepAsync() => api.Services.GetRequiredService<OfflineSweep>().RunAsync(CancellationToken.None);
}
