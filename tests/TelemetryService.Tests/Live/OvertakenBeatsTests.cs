using Microsoft.Extensions.DependencyInjection;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Tests.Live;

/// <summary>Beats that were received before one that was taken already: they count towards the limit as any other.</summary>
public sealed class OvertakenBeatsTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stamp_OfManyOvertakenBeats_HoldsThemToTheLimit(bool stopping)
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 1 });

        var stamps = await ActivatorUtilities.CreateInstance<LiveState>(api.Services).StampAsync(Late(server, stopping, count: 5), CancellationToken.None);

        Assert.All(stamps, stamp => Assert.True(stamp.IsOvertaken));
        Assert.Equal([false, true, true, true, true], stamps.Select(stamp => stamp.IsRefused));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stamp_OfManyOvertakenBeatsWithRedisAway_HoldsThemToTheLimit(bool stopping)
    {
        var server = await api.SeedServerAsync();
        var local = ActivatorUtilities.CreateInstance<LocalLiveState>(api.Services);
        var newest = BeatOf(server, api.Clock.GetUtcNow(), stopping: false);
        local.Stamp([newest]);

        var stamps = local.Stamp(Late(server, stopping, count: 5));

        Assert.All(stamps, stamp => Assert.True(stamp.IsOvertaken));
        Assert.Equal([false, true, true, true, true], stamps.Select(stamp => stamp.IsRefused));
        Assert.Same(newest, Assert.Single(local.Take(10)));
    }

    [Fact]
    public async Task Follow_WithManyThatWaitForTheDatabase_AnswersAtOnceAndTheStatusFollows()
    {
        var now = api.Clock.GetUtcNow();
        var servers = Enumerable.Range(0, 4_000).Select(_ => TelemetryApi.Changed(Guid.NewGuid(), pack: null, now).ToServer()).ToArray();
        var beats = servers.Select(server => new Beat(server, new Reading(1, null, null, null, false, null), now, 0)).ToArray();
        var journal = api.Services.GetRequiredService<StatusJournal>();

        foreach (var beat in beats) journal.Follow(beat, default);

        Assert.True(beats[^1].Result.IsCompletedSuccessfully); // thousands are before it
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM server_status WHERE online AND server_id = ANY ($1)", servers.Select(server => server.Id).ToArray()) == servers.Length,
            TimeSpan.FromSeconds(60), "every server is online");
        Assert.All(await Task.WhenAll(beats.Select(beat => beat.Result)), result => Assert.Equal(BeatOutcome.Stored, result.Outcome));
    }

    private Beat[] Late(TestServer server, bool stopping, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => BeatOf(server, api.Clock.GetUtcNow().AddSeconds(-1), stopping))];

    private static Beat BeatOf(TestServer server, DateTimeOffset at, bool stopping) =>
        new(server.Changed.ToServer(), new Reading(1, null, null, null, stopping, null), at, at.ToUnixTimeMilliseconds() * 1_000_000);
}
