using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Tests.Heartbeats;

public sealed class AdvisedPauseTests
{
    private static readonly DateTimeOffset FullMinute = new(2026, 3, 10, 12, 2, 0, TimeSpan.Zero);

    [Fact]
    public void SecondsFor_AnyServerAtAnySecond_LeadsToAMomentOfItsOwnClearOfTheFullMinute()
    {
        var pause = Pause(new());
        for (var lot = 0; lot < 100; lot++)
        {
            var server = Guid.NewGuid();
            var moments = new HashSet<long>();
            for (var second = 0; second < 60; second++)
            {
                var now = FullMinute.AddSeconds(second + 0.9);
                var seconds = pause.SecondsFor(server, now, isBehind: lot % 2 == 0);
                Assert.InRange(seconds, 30, 60);
                moments.Add((now.ToUnixTimeSeconds() + seconds) % 30);
            }

            Assert.InRange(Assert.Single(moments), 3, 26);
        }
    }

    [Fact]
    public void SecondsFor_AFleetThatBeatsAtTheFullMinute_SpreadsIt()
    {
        var pause = Pause(new());
        var seconds = Enumerable.Range(0, 12_000).GroupBy(_ => pause.SecondsFor(Guid.NewGuid(), FullMinute, isBehind: false)).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(Enumerable.Range(33, 24), seconds.Keys.Order());
        Assert.All(seconds.Values, count => Assert.InRange(count, 350, 650)); // 500 each; seven times its deviation
    }

    [Fact]
    public void SecondsFor_AServerThatKeepsToIt_StaysAtTheBaselineAndComesHalfAsOftenWhileTheReplicaIsBehind()
    {
        var (pause, server) = (Pause(new()), Guid.NewGuid());
        var inPlace = FullMinute.AddSeconds(pause.SecondsFor(server, FullMinute, isBehind: false));
        Assert.Equal(30, pause.SecondsFor(server, inPlace, isBehind: false));
        Assert.Equal(60, pause.SecondsFor(server, inPlace, isBehind: true));
        Assert.Equal(59, pause.SecondsFor(server, inPlace.AddSeconds(1), isBehind: false)); // late: back to its moment
    }

    [Theory]
    [InlineData(30, 300, 5, 30, 60)]
    [InlineData(60, 200, 5, 50, 100)] // two of them fit into the silence that takes a server offline
    [InlineData(30, 60, 5, 15, 30)]
    [InlineData(30, 10, 1, 2, 4)]
    [InlineData(30, 10, 5, 5, 5)] // a shorter one would be refused
    [InlineData(5, 300, 20, 20, 40)]
    [InlineData(5, 300, 0, 5, 10)]
    public void SecondsFor_AnySettings_StaysWellBelowTheOfflineThreshold(int advised, int offlineAfter, int minimum, int shortest, int longest)
    {
        var pause = Pause(new() { AdvisedInterval = TimeSpan.FromSeconds(advised), MinimumInterval = TimeSpan.FromSeconds(minimum) }, TimeSpan.FromSeconds(offlineAfter));
        for (var second = 0; second < 600; second++)
            Assert.InRange(pause.SecondsFor(Guid.NewGuid(), FullMinute.AddSeconds(second), isBehind: second % 2 == 0), shortest, longest);
    }

    [Fact]
    public void SecondsFor_WithMoreBeatsWaitingThanACommitTakes_IsLonger()
    {
        var options = Options.Create(new HeartbeatOptions { CommitMaximumBeats = 2 });
        using var metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var queue = new CommitQueue(new SeriesClock(), new HeartbeatMetrics(metrics.GetRequiredService<IMeterFactory>()), options);
        var pause = new AdvisedPause(queue, options, Options.Create(new LiveOptions()));
        var server = new KnownServer(Guid.NewGuid(), "a", 1, Guid.NewGuid(), "A", null, null, FullMinute, ShowPlayers: false, Removed: false);
        var inPlace = FullMinute.AddSeconds(pause.SecondsFor(server.Id, FullMinute));

        for (var waiting = 0; waiting <= 2; waiting++)
        {
            Assert.Equal(30, pause.SecondsFor(server.Id, inPlace));
            _ = queue.CommitAsync(server, new Reading(1, null, null, null, Stopping: false, Players: null), inPlace);
        }

        Assert.Equal(60, pause.SecondsFor(server.Id, inPlace));
    }

    private static AdvisedPause Pause(HeartbeatOptions options, TimeSpan? offlineAfter = null) =>
        new(queue: null!, Options.Create(options), Options.Create(new LiveOptions { OfflineAfter = offlineAfter ?? new LiveOptions().OfflineAfter }));
}
