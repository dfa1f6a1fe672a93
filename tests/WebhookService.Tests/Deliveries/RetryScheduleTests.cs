using System.Net;
using Microsoft.Extensions.Options;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Tests.Deliveries;

public sealed class RetryScheduleTests
{
    private readonly RetrySchedule schedule = new(Options.Create(new DeliveryOptions()));

    [Theory]
    [InlineData(0, "00:00:05")]
    [InlineData(1, "00:05:00")]
    [InlineData(2, "00:30:00")]
    [InlineData(3, "02:00:00")]
    [InlineData(4, "05:00:00")]
    [InlineData(5, "10:00:00")]
    [InlineData(6, "14:00:00")]
    [InlineData(7, "20:00:00")]
    [InlineData(8, "1.00:00:00")]
    public void Judge_AfterAFailure_PausesForTheStepAndAtMostAFifthMore(int earlier, string step)
    {
        var expected = TimeSpan.Parse(step, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal((Verdict.Retry, expected), schedule.Judge(earlier, Failed(500), chance: 0));
        Assert.Equal((Verdict.Retry, expected * 1.2), schedule.Judge(earlier, Failed(500), chance: 1));
    }

    [Fact]
    public void Judge_AfterTheLastStep_GivesUp() => Assert.Equal((Verdict.Failed, null), schedule.Judge(9, Failed(500), chance: 0));

    [Fact]
    public void Judge_Delivered_IsDone() => Assert.Equal((Verdict.Delivered, null), schedule.Judge(3, Failed(204) with { Error = null }, chance: 0));

    [Fact]
    public void Judge_Gone_IsNeverTriedAgain() => Assert.Equal((Verdict.Gone, null), schedule.Judge(0, Failed((int)HttpStatusCode.Gone), chance: 0));

    [Theory]
    [InlineData(429, 8, 8)]
    [InlineData(503, 8, 8)]
    [InlineData(429, 3600, 10)] // at most twice the step
    [InlineData(429, 1, 5)] // never less than the step
    [InlineData(429, -60, 5)] // a date that has passed
    [InlineData(500, 8, 5)] // only these two statuses ask for time
    public void Judge_WithRetryAfter_HonoursItWithinTwiceTheStep(int status, int askedSeconds, int expectedSeconds) => Assert.Equal(
        TimeSpan.FromSeconds(expectedSeconds),
        schedule.Judge(0, Failed(status) with { RetryAfter = TimeSpan.FromSeconds(askedSeconds) }, chance: 0).Pause);

    private static Attempt Failed(int status) => new(DateTimeOffset.UnixEpoch, status, TimeSpan.Zero, $"answered {status}", "", null, Signing: null);
}
