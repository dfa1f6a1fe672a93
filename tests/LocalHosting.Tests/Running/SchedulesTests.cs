using PackRelay.LocalHosting.Running;

namespace PackRelay.LocalHosting.Tests.Running;

public sealed class SchedulesTests
{
    [Fact]
    public void RestartBackoff_ProcessThatKeepsDying_DoublesUpToThirtySeconds()
    {
        var backoff = new RestartBackoff();

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 8).Select(_ => backoff.After(TimeSpan.FromSeconds(59)).TotalSeconds));
    }

    [Fact]
    public void RestartBackoff_AfterAMinuteOfRunning_BeginsAgain()
    {
        var backoff = new RestartBackoff();
        _ = backoff.After(TimeSpan.Zero);
        _ = backoff.After(TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(0.5), backoff.After(TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.FromSeconds(1), backoff.After(TimeSpan.Zero));
    }

    [Fact]
    public void HealthSchedule_FromStartToFailure_FollowsTheStates()
    {
        var schedule = new HealthSchedule();

        bool[] looks = [false, false, true, true, false, false, false, false, false, false, true];

        Assert.Equal([0.2, 0.2, 30, 30, 1, 2, 3, 4, 5, 5, 30], looks.Select(healthy => schedule.After(healthy).TotalSeconds));
    }
}
