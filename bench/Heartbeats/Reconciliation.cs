namespace PackRelay.Heartbeats;

/// <summary>Compares what was acknowledged with what is stored, beat by beat.</summary>
internal sealed class Reconciliation(Ledger ledger)
{
    private readonly Dictionary<(int Server, int Number), int> stored = [];

    /// <summary>Acknowledged beats without a point.</summary>
    public int Lost { get; private set; }

    /// <summary>Points beyond the first of a beat.</summary>
    public int Doubled { get; private set; }

    /// <summary>Points of beats that were refused or never sent.</summary>
    public int Unexplained { get; private set; }

    /// <summary>Points of beats whose answer did not arrive, which is as good as none.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>Servers whose last acknowledged beat the live state does not know.</summary>
    public int Behind { get; private set; }

    public void AddPoint(int server, int number)
    {
        var points = stored[(server, number)] = stored.GetValueOrDefault((server, number)) + 1;
        if (points > 1) Doubled++;
        else if (server < 0 || server >= ledger.Servers || number >= ledger.BeatsOf(server).Count || ledger.BeatsOf(server)[number] == SentBeat.Refused) Unexplained++;
        else if (ledger.BeatsOf(server)[number] == SentBeat.Unknown) Unacknowledged++;
    }

    /// <summary>Adds what the live state says of a server; null when it does not know it.</summary>
    public void AddSeen(int server, DateTimeOffset? seenAt)
    {
        // The live state counts in milliseconds.
        var acknowledged = ledger.SeenAt(server);
        if (acknowledged > DateTimeOffset.MinValue && (seenAt is null || acknowledged - seenAt.Value >= TimeSpan.FromMilliseconds(1))) Behind++;
    }

    /// <summary>Counts the acknowledged beats that have no point. After all points were added.</summary>
    public void Finish()
    {
        Lost = 0;
        for (var server = 0; server < ledger.Servers; server++)
        {
            var beats = ledger.BeatsOf(server);
            for (var number = 0; number < beats.Count; number++)
                if (beats[number] == SentBeat.Acknowledged && !stored.ContainsKey((server, number))) Lost++;
        }
    }
}
