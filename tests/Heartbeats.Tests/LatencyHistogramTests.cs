namespace PackRelay.Heartbeats.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void Quantile_OfLatenciesFromMicrosecondsToMinutes_IsAtMostTwoPercentTooHigh(double share)
    {
        var random = new Random(7);
        var latencies = Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMicroseconds(Math.Floor(Math.Exp(random.NextDouble() * 18)))).Order().ToList();
        var histogram = new LatencyHistogram();
        foreach (var latency in latencies) histogram.Record(latency);
        var exact = latencies[(int)Math.Ceiling(share * latencies.Count) - 1];
        Assert.InRange(histogram.Quantile(share).TotalMicroseconds, exact.TotalMicroseconds, exact.TotalMicroseconds * 1.02);
    }

    [Fact]
    public void Record_OfAnyLength_KeepsCountAndMaximum()
    {
        var histogram = new LatencyHistogram();
        TimeSpan[] latencies = [TimeSpan.FromMilliseconds(-1), TimeSpan.Zero, TimeSpan.FromMicroseconds(127), TimeSpan.FromMicroseconds(128), TimeSpan.FromHours(30)];
        foreach (var latency in latencies) histogram.Record(latency);
        Assert.Equal(5, histogram.Count);
        Assert.Equal(TimeSpan.FromHours(30), histogram.Max);
        Assert.Equal(TimeSpan.FromMicroseconds(127), histogram.Quantile(0.6));
        Assert.Equal(histogram.Max, histogram.Quantile(1));
    }

    [Fact]
    public void Quantile_WithoutLatencies_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Quantile(0.99));
}
