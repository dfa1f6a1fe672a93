namespace PackRelay.Heartbeats.Tests;

public sealed class ScheduleTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    [Fact]
    public void Make_AtARate_HasThatManyBeatsInEveryTenSecondsAndFromEveryServer()
    {
        var arrivals = Schedule.Make(new(Servers: 3_000, BeatsPerSecond: 300, Length), seed: 1);
        Assert.InRange(arrivals.Length, 17_900, 18_100);
        Assert.Equal(3_000, arrivals.Select(arrival => arrival.Server).Distinct().Count());
        for (var from = 0; from < 60; from += 10) Assert.InRange(arrivals.Count(arrival => arrival.At.TotalSeconds >= from && arrival.At.TotalSeconds < from + 10), 2_700, 3_300);
    }

    [Fact]
    public void Make_Always_IsInOrderWithinTheRun()
    {
        var arrivals = Schedule.Make(new(500, 200, Length, SpikeShare: 0.5, Burst: 100), seed: 2);
        Assert.Equal(arrivals.OrderBy(arrival => arrival.At), arrivals);
        Assert.All(arrivals, arrival => Assert.InRange(arrival.At, TimeSpan.Zero, Length));
    }

    [Fact]
    public void Make_ForOneServer_KeepsItsPauseButForTheJitter()
    {
        var beats = Schedule.Make(new(1_000, 100, Length), seed: 3).Where(arrival => arrival.Server == 7).Select(arrival => arrival.At.TotalSeconds).ToList();
        Assert.InRange(beats.Count, 5, 7);
        foreach (var (earlier, later) in beats.Zip(beats.Skip(1))) Assert.InRange(later - earlier, 9, 11);
        Assert.True(beats.Zip(beats.Skip(1), (earlier, later) => later - earlier).Distinct().Count() > 1);
    }

    [Fact]
    public void Make_WithASpikeShare_PutsThatShareIntoTheFirstSecondOfEachPeriod()
    {
        var arrivals = Schedule.Make(new(2_000, 200, Length, SpikeShare: 0.4), seed: 4); // a period of 10 s
        for (var minute = 10; minute < 60; minute += 10)
            Assert.InRange(arrivals.Count(arrival => arrival.At.TotalSeconds >= minute - 0.1 && arrival.At.TotalSeconds < minute + 1.1), 800, 1_100);
    }

    [Fact]
    public void Make_WithABurst_AddsItWithinOneSecondOfTheMiddle()
    {
        var (without, with) = (Schedule.Make(new(2_000, 100, Length), seed: 5), Schedule.Make(new(2_000, 100, Length, Burst: 5_000), seed: 5));
        Assert.Equal(5_000, with.Length - without.Length);
        Assert.InRange(with.Count(arrival => arrival.At.TotalSeconds is >= 29.5 and < 30.5), 5_050, 5_150);
    }

    [Fact]
    public void Make_OfTheSameSeed_IsTheSame() =>
        Assert.Equal(Schedule.Make(new(100, 50, Length, 0.2, 10), seed: 6), Schedule.Make(new(100, 50, Length, 0.2, 10), seed: 6));
}
