using PackRelay.Contracts;

namespace PackRelay.TelemetryService.Tests.Live;

public sealed class LiveAnnouncerTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public async Task Announce_WhileServersBeatAllTheTime_IsAtMostOnceASecondAndOfThoseThatBeat()
    {
        var (beating, quiet) = (new List<TestServer>(), await api.SeedServerAsync());
        for (var i = 0; i < 10; i++) beating.Add(await api.SeedServerAsync());
        await quiet.BeatOkAsync(new { currentPlayers = 1 });
        await using var live = await api.ObserveAsync<ServersLive>();
        await quiet.BeatOkAsync(new { currentPlayers = 2 });
        await api.StepUntilAsync(() => Task.FromResult(Told(quiet).Any(entry => entry.CurrentPlayers == 2)), "its last beat is told");
        var toldOfQuiet = Told(quiet).Count();

        for (var beat = 0; beat < 30; beat++)
        {
            await beating[beat % beating.Count].BeatOkAsync(new { currentPlayers = beat });
            api.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await api.StepUntilAsync(
            () => Task.FromResult(beating.Index().All(pair => Told(pair.Item).Any(entry => entry.CurrentPlayers == 20 + pair.Index))), "the last beat of each is told");
        var times = live.Received.Select(batch => batch.OccurredAt).Order().ToArray();
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMilliseconds(900), // the clock may be moved between two looks at it
             $"{pair.First:O} and {pair.Second:O}"));
        Assert.Equal(toldOfQuiet, Told(quiet).Count());
        Assert.All(live.Received, batch => Assert.Equal(batch.Servers.Count, batch.Servers.DistinctBy(entry => entry.ServerId).Count()));

        IEnumerable<LiveServer> Told(TestServer server) => live.Received.SelectMany(batch => batch.Servers).Where(entry => entry.ServerId == server.Id);
    }
}
