using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.TelemetryService.Uptime;
using PackRelay.Testing;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests.Live;

public sealed class SweepTakeOverTests(TelemetryThatDoesNotSweep api) : IClassFixture<TelemetryThatDoesNotSweep>
{
    private const string LeaseKey = "telemetry:sweep";

    private const string StalledSql = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE hub_receiving SET fence%'
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_OfThreeReplicasWhoseHolderDiesOrFreezes_IsTakenOverWithinTenSecondsWithEveryEventOnce(bool freezes)
    {
        await LetPassAsync(TimeSpan.FromMinutes(6)); // the hub has been receiving for longer than the threshold
        var (early, late, steady) = (await SeedAsync(), await SeedAsync(), await SeedAsync());
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        await BeatAsync(early, late, steady);

        // One replica holds the lease and sweeps, the others never get their turn.
        await api.Redis.ExecuteAsync("DEL"u8, [LeaseKey]);
        await using var holder = await SweepingReplica.StartAsync(api);
        var held = await Wait.ForAsync(LeaseAsync, "the lease is held");
        await using var second = await SweepingReplica.StartAsync(api);
        await using var third = await SweepingReplica.StartAsync(api);
        await LetPassAsync(TimeSpan.FromMinutes(3));
        await BeatAsync(late, steady);
        await LetPassAsync(TimeSpan.FromMinutes(2.5));
        await AssertGoneAsync(offline, early);
        Assert.Equal((null, null), (await second.Lease.TryHoldAsync(CancellationToken.None), await third.Lease.TryHoldAsync(CancellationToken.None)));
        Assert.Equal(held, await LeaseAsync());

        // While nobody sweeps, one server comes back, and others have been silent for long enough.
        var lost = Stopwatch.GetTimestamp();
        if (freezes) holder.Freeze();
        else await holder.KillAsync();
        await BeatAsync([early[0]], steady);
        await LetPassAsync(TimeSpan.FromMinutes(3));
        await BeatAsync([early[0]], steady);
        await AssertGoneAsync(offline, late);
        Assert.InRange(Stopwatch.GetElapsedTime(lost), TimeSpan.Zero, TimeSpan.FromSeconds(60)); // the promise is 10 s, which another test checks by the lease; a busy machine needs longer
        var taken = await Wait.ForAsync(LeaseAsync, "the lease is held");
        Assert.NotEqual(held.Holder, taken.Holder);
        Assert.True(taken.Fence > held.Fence);

        // The one that stood still goes on where it was, and finds that it is somebody else's turn.
        holder.Thaw();
        var turns = holder.Turns;
        if (freezes) await Wait.UntilAsync(() => holder.Turns > turns + 1, "it wakes up");
        await LetPassAsync(TimeSpan.FromMinutes(3));
        await BeatAsync(steady);
        await LetPassAsync(TimeSpan.FromMinutes(2.5)); // the one that came back is silent again
        await offline.FirstAsync(_ => offline.Received.Count(went => went.ServerId == early[0].Id) == 2);
        Assert.Equal(taken, await LeaseAsync());

        await api.AssertNothingLeftAsync();
        AssertTold(online, offline, (early[0], 2, 2));
        AssertTold(online, offline, [.. early[1..].Concat(late).Select(server => (server, 1, 1)), .. steady.Select(server => (server, 1, 0))]);
    }

    [Fact]
    public async Task Sweep_ByTwoReplicasThatBothBelieveToHoldTheLease_TellsOfEachServerOnce()
    {
        await LetPassAsync(TimeSpan.FromMinutes(6));
        var (silent, returning) = (await SeedAsync(), await SeedAsync());
        await using var online = await api.ObserveAsync<ServerWentOnline>();
        await using var offline = await api.ObserveAsync<ServerWentOffline>();
        await BeatAsync(silent, returning);
        await LetPassAsync(TimeSpan.FromMinutes(5.5));
        var fence = await api.ScalarAsync<long>("SELECT fence FROM hub_receiving");
        await using var older = await SweepingReplica.StartAsync(api);
        await using var newer = await SweepingReplica.StartAsync(api);
        older.Freeze(); // only as the test says
        newer.Freeze();

        // The older holder stalls after it found who is silent, for so long that there is a newer one, and that servers come back.
        Task<int> olderSweep, newerSweep;
        await using (var stalling = await api.Postgres.Source.OpenConnectionAsync())
        await using (var transaction = await stalling.BeginTransactionAsync())
        {
            await stalling.ExecuteAsync("SELECT FROM hub_receiving FOR UPDATE", CancellationToken.None);
            olderSweep = older.Sweep.RunAsync(fence + 1, CancellationToken.None);
            await WaitForStalledAsync(1);
            newerSweep = newer.Sweep.RunAsync(fence + 2, CancellationToken.None);
            await WaitForStalledAsync(2);
            await BeatAsync(returning);
            await transaction.RollbackAsync();
        }

        await Task.WhenAll(olderSweep, newerSweep);
        Assert.Equal(0, await newer.Sweep.RunAsync(fence + 2, CancellationToken.None));
        await AssertGoneAsync(offline, silent);
        await api.AssertNothingLeftAsync();
        AssertTold(online, offline, [.. silent.Select(server => (server, 1, 1)), .. returning.Select(server => (server, 1, 0))]);
    }

    private static async Task BeatAsync(params TestServer[][] servers)
    {
        foreach (var server in servers.SelectMany(group => group)) await server.BeatOkAsync(new { currentPlayers = 1 });
    }

    private static async Task AssertGoneAsync(EventProbe<ServerWentOffline> offline, TestServer[] servers)
    {
        foreach (var server in servers) await offline.FirstAsync(went => went.ServerId == server.Id);
    }

    private static void AssertTold(EventProbe<ServerWentOnline> online, EventProbe<ServerWentOffline> offline, params (TestServer Server, int Online, int Offline)[] expected)
    {
        foreach (var (server, came, went) in expected)
        {
            Assert.Equal((came, went), (online.Received.Count(told => told.ServerId == server.Id), offline.Received.Count(told => told.ServerId == server.Id)));
        }
    }

    private async Task<TestServer[]> SeedAsync() => [await api.SeedServerAsync(), await api.SeedServerAsync(), await api.SeedServerAsync()];

    /// <summary>Lets time pass while the hub receives; who sweeps does so by itself.</summary>
    private async Task LetPassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += HubPulse.Interval)
        {
            api.Clock.Advance(HubPulse.Interval);
            await api.Services.GetRequiredService<HubPulse>().RunAsync(CancellationToken.None);
        }
    }

    private Task WaitForStalledAsync(int count) => Wait.UntilAsync(async () => await api.ScalarAsync<long>(StalledSql) == count, $"{count} sweeps stall");

    private async Task<Lease?> LeaseAsync()
    {
        var fields = (await api.Redis.ExecuteAsync("HMGET"u8, [LeaseKey, "holder", "fence"])).AsArray();
        return fields[0].AsString() is { } holder ? new(holder, long.Parse(fields[1].AsString()!, null)) : null;
    }

    private sealed record Lease(string Holder, long Fence);
}
