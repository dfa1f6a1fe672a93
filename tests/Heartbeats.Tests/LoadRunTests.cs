namespace PackRelay.Heartbeats.Tests;

public sealed class LoadRunTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly Fleet fleet = new(4, serversPerToken: 2, "secret");

    private readonly Ledger ledger = new(4);

    [Fact]
    public async Task OpenAsync_WhenAllIsWell_SendsEachArrivalWithItsServersTokenAndNextNumber()
    {
        await using var gateway = new FakeGateway(_ => Task.FromResult<int?>(200));
        var result = await Run(gateway, connections: 2).OpenAsync([At(0, 0), At(5, 3), At(10, 3)], Never);
        Assert.Equal((3, 3, 0), (result.Sent, result.Acknowledged, result.Failed));
        Assert.Equal(
            [("beat-000000", fleet.TokenOf(0), 0), ("beat-000003", fleet.TokenOf(3), 0), ("beat-000003", fleet.TokenOf(3), 1)],
            gateway.Beats.Select(beat => (beat.Slug, beat.Token, beat.Players)).Order());
        Assert.Equal([SentBeat.Acknowledged, SentBeat.Acknowledged], ledger.BeatsOf(3));
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), ledger.SeenAt(3));
    }

    [Fact]
    public async Task OpenAsync_WhenTheHubHangs_CountsTheWaitOfThoseBehindItFromTheirIntendedTime()
    {
        var hang = TimeSpan.FromMilliseconds(300);
        await using var gateway = new FakeGateway(async beat =>
        {
            if (beat.Slug == "beat-000000") await Task.Delay(hang, Never);
            return 200;
        });
        var result = await Run(gateway, connections: 1).OpenAsync([At(0, 0), At(1, 1), At(2, 2)], Never);
        Assert.Equal(3, result.Latencies.Count);
        Assert.InRange(result.Latencies.Quantile(0.1), hang - TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(20)); // also the two that were answered at once
    }

    [Theory]
    [InlineData(503)]
    [InlineData(null)]
    public async Task OpenAsync_AfterAFailure_SendsAnotherBeatAndLeavesTheFirstUnknown(int? failure)
    {
        await using var gateway = new FakeGateway(beat => Task.FromResult(beat.Players == 0 ? failure : 200));
        var result = await Run(gateway, connections: 1).OpenAsync([At(0, 1)], Never);
        Assert.Equal((2, 1, 1, 0), (result.Sent, result.Acknowledged, result.Failed + result.Broken, result.GivenUp));
        Assert.Equal([SentBeat.Unknown, SentBeat.Acknowledged], ledger.BeatsOf(1));
        Assert.True(result.Latencies.Max >= TimeSpan.FromMilliseconds(99)); // the pause counts
    }

    [Fact]
    public async Task OpenAsync_WhenRefused_DoesNotRepeat()
    {
        await using var gateway = new FakeGateway(_ => Task.FromResult<int?>(429));
        var result = await Run(gateway, connections: 1).OpenAsync([At(0, 1)], Never);
        Assert.Equal((1, 0, 1), (result.Sent, result.Acknowledged, result.Refused));
        Assert.Equal([SentBeat.Refused], ledger.BeatsOf(1));
    }

    [Fact]
    public async Task OpenAsync_WhenAnAnswerIsNeitherGoodNorAnOutage_Fails()
    {
        await using var gateway = new FakeGateway(_ => Task.FromResult<int?>(401));
        await Assert.ThrowsAsync<InvalidDataException>(() => Run(gateway, connections: 1).OpenAsync([At(0, 1)], Never));
    }

    [Fact]
    public async Task ClosedAsync_WithAMostOfBeats_GoesRoundTheServersAndStopsThere()
    {
        await using var gateway = new FakeGateway(_ => Task.FromResult<int?>(200));
        var result = await Run(gateway, connections: 2).ClosedAsync(TimeSpan.FromMinutes(1), first: 3, most: 6, Never);
        Assert.Equal(6, result.Acknowledged);
        Assert.Equal([2, 1, 1, 2], Enumerable.Range(0, 4).Select(server => ledger.BeatsOf(server).Count));
    }

    private LoadRun Run(FakeGateway gateway, int connections) => new(fleet, ledger, gateway.Address, connections);

    private static Arrival At(int milliseconds, int server) => new(TimeSpan.FromMilliseconds(milliseconds), server);
}
