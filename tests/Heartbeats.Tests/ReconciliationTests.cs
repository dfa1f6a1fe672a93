namespace PackRelay.Heartbeats.Tests;

public sealed class ReconciliationTests
{
    private static readonly DateTimeOffset Seen = new(2026, 5, 4, 12, 0, 0, 500, TimeSpan.Zero);

    private readonly Ledger ledger = new(2);

    [Fact]
    public void Finish_WhenEveryAcknowledgedBeatHasOnePoint_FindsNothing()
    {
        Acknowledge(0, 3);
        var found = Compare([(0, 0), (0, 1), (0, 2)]);
        Assert.Equal((0, 0, 0, 0), (found.Lost, found.Doubled, found.Unexplained, found.Unacknowledged));
    }

    [Fact]
    public void Finish_WhenAnAcknowledgedBeatHasNoPoint_CountsItAsLost()
    {
        Acknowledge(0, 3);
        Acknowledge(1, 1);
        Assert.Equal(2, Compare([(0, 0), (0, 2)]).Lost);
    }

    [Fact]
    public void AddPoint_OfTheSameBeatTwice_CountsItAsDoubled()
    {
        Acknowledge(0, 1);
        Assert.Equal(2, Compare([(0, 0), (0, 0), (0, 0)]).Doubled);
    }

    [Fact]
    public void AddPoint_OfABeatWithoutAnAnswer_IsNeitherLostNorUnexplained()
    {
        ledger.Begin(0);
        ledger.Begin(0);
        var found = Compare([(0, 1)]);
        Assert.Equal((0, 0, 1), (found.Lost, found.Unexplained, found.Unacknowledged));
    }

    [Fact]
    public void AddPoint_OfABeatThatWasRefusedOrNeverSent_IsUnexplained()
    {
        ledger.Refuse(0, ledger.Begin(0));
        Assert.Equal(4, Compare([(0, 0), (0, 1), (-1, 0), (2, 0)]).Unexplained);
    }

    [Fact]
    public void AddSeen_OfAServerWhoseLastBeatIsUnknown_CountsItAsBehind()
    {
        Acknowledge(0, 1);
        Assert.Equal(1, Behind(0, Seen.AddMilliseconds(-1)));
        Assert.Equal(1, Behind(0, null));
    }

    [Fact]
    public void AddSeen_OfAServerThatIsUpToDateOrNeverBeat_CountsNothing()
    {
        Acknowledge(0, 1);
        Assert.Equal(0, Behind(0, Seen));
        Assert.Equal(0, Behind(0, Seen.AddTicks(-9_999))); // Redis cuts to milliseconds
        Assert.Equal(0, Behind(0, Seen.AddSeconds(1)));
        Assert.Equal(0, Behind(1, null));
    }

    private void Acknowledge(int server, int beats)
    {
        for (var i = 0; i < beats; i++) ledger.Acknowledge(server, ledger.Begin(server), Seen.AddSeconds(-i));
    }

    private Reconciliation Compare(IEnumerable<(int Server, int Number)> points)
    {
        var found = new Reconciliation(ledger);
        foreach (var (server, number) in points) found.AddPoint(server, number);
        found.Finish();
        return found;
    }

    private int Behind(int server, DateTimeOffset? seenAt)
    {
        var found = new Reconciliation(ledger);
        found.AddSeen(server, seenAt);
        return found.Behind;
    }
}
