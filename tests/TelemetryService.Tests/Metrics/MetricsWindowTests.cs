using PackRelay.TelemetryService.Metrics;

namespace PackRelay.TelemetryService.Tests.Metrics;

public sealed class MetricsWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 2, 3, TimeSpan.Zero);

    [Theory]
    [InlineData("1h", 60, 60)]
    [InlineData("1h", 500, 8)]
    [InlineData("6h", 1, 21_600)]
    [InlineData("24h", 48, 1_800)]
    [InlineData("7d", 7, 86_400)]
    [InlineData("30d", 500, 5_184)]
    public void Of_AnyWindow_EndsWithTheBucketThatContainsNow(string name, int buckets, long bucketSeconds)
    {
        var window = Assert.IsType<MetricsWindow>(MetricsWindow.Of(name, buckets, Now));

        Assert.Equal(bucketSeconds, window.BucketSeconds);
        Assert.Equal(0, window.FromUnixSeconds % bucketSeconds);
        Assert.Equal(buckets * bucketSeconds, window.ToUnixSeconds - window.FromUnixSeconds);
        Assert.InRange(Now.ToUnixTimeSeconds(), window.ToUnixSeconds - bucketSeconds, window.ToUnixSeconds - 1);
    }

    [Fact]
    public void Of_AWindowThatIsNone_IsNull() => Assert.Null(MetricsWindow.Of("2h", 48, Now));
}
