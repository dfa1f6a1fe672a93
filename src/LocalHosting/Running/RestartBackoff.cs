namespace PackRelay.LocalHosting.Running;

/// <summary>How long to wait before a process that ended is started again: 0.5 s, doubled each time up to 30 s, from the beginning after a minute of running.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Forgiveness = TimeSpan.FromMinutes(1);
    private TimeSpan next = First;

    /// <param name="ran">How long the process ran before it ended; zero when it did not come up.</param>
    public TimeSpan After(TimeSpan ran)
    {
        if (ran >= Forgiveness)
            next = First;
        var delay = next;
        next = next * 2 < Longest ? next * 2 : Longest;
        return delay;
    }
}
