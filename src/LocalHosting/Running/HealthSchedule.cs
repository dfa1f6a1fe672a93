namespace PackRelay.LocalHosting.Running;

/// <summary>When to look again: every 30 s while all is well, 1, 2, ... at most 5 s after failures, and often while a process comes up, because others wait for it.</summary>
internal sealed class HealthSchedule
{
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WhileComingUp = TimeSpan.FromMilliseconds(200);
    private bool wasHealthy;
    private int failures;

    public TimeSpan After(bool healthy)
    {
        failures = healthy ? 0 : failures + 1;
        wasHealthy |= healthy;
        if (healthy)
            return WhenHealthy;
        return wasHealthy ? TimeSpan.FromSeconds(Math.Min(failures, 5)) : WhileComingUp;
    }
}
