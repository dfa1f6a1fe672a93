using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

public sealed class WindowCountTests
{
    private static readonly RateLimitPolicy TenAMinute = new("test", 10, TimeSpan.FromMinutes(1));

    [Fact]
    public void At_InTheSameWindow_KeepsBothCounts() => Assert.Equal(new WindowCount(5, 3, 2, 10_000), new WindowCount(5, 3, 2, 0).At(310_000, 60_000));

    [Fact]
    public void At_InTheNextWindow_MovesTheCurrentCountBack() => Assert.Equal(new WindowCount(6, 0, 3, 1), new WindowCount(5, 3, 2, 0).At(360_001, 60_000));

    [Fact]
    public void At_TwoWindowsLater_ForgetsBothCounts() => Assert.Equal(new WindowCount(7, 0, 0, 0), new WindowCount(5, 3, 2, 0).At(420_000, 60_000));

    [Theory]
    [InlineData(9, 0, 0, true)]
    [InlineData(10, 0, 0, false)]
    [InlineData(0, 10, 0, false)]
    [InlineData(0, 10, 5_999, false)] // not a whole request has faded out yet
    [InlineData(0, 10, 6_000, true)]
    [InlineData(4, 10, 30_000, true)]
    [InlineData(5, 10, 30_000, false)]
    public void Admits_ByWhatStillWeighs_ComparesWithTheLimit(long current, long previous, long elapsedMs, bool expected) =>
        Assert.Equal(expected, new WindowCount(1, current, previous, elapsedMs).Admits(TenAMinute));

    [Theory]
    [InlineData(10, 0, 0)]
    [InlineData(10, 0, 45_000)]
    [InlineData(0, 10, 0)]
    [InlineData(5, 10, 30_000)]
    [InlineData(9, 10, 1)]
    [InlineData(10, 10, 59_999)]
    public void ToDecision_WhenRefused_NamesTheFirstMomentThatAdmits(long current, long previous, long elapsedMs)
    {
        var count = new WindowCount(1, current, previous, elapsedMs);
        Assert.False(count.Admits(TenAMinute));

        var wait = (long)count.ToDecision(TenAMinute, isAllowed: false).ResetAfter.TotalMilliseconds;

        var then = 60_000 + elapsedMs + wait;
        Assert.True(count.At(then, 60_000).Admits(TenAMinute));
        Assert.False(count.At(then - 2, 60_000).Admits(TenAMinute)); // 2 ms: rounding may have added one
    }

    [Fact]
    public void ToDecision_WhenAllowed_TellsWhatRemainsAndWhenTheWindowEnds() =>
        Assert.Equal(new RateLimitDecision(true, 10, 4, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1)), new WindowCount(1, 3, 5, 30_000).ToDecision(TenAMinute, isAllowed: true));
}
