namespace PackRelay.Heartbeats;

/// <summary>What became of one sent beat.</summary>
internal enum SentBeat : byte
{
    /// <summary>It was sent, and no answer or an error came: it may be stored or not.</summary>
    Unknown,

    /// <summary>200: it must be stored.</summary>
    Acknowledged,

    /// <summary>429: it must not be stored.</summary>
    Refused,
}

/// <summary>
/// Every beat that was sent, by server and number. The number travels as the beat's players, so that each stored point can be told from all others.
/// Every attempt is a beat of its own: a repeated one has another number.
/// </summary>
internal sealed class Ledger
{
    /// <summary>Numbers of one server's beats; the API's most players.</summary>
    public const int MostBeatsPerServer = 100_000;

    private readonly Entry[] entries;

    public Ledger(int servers)
    {
        entries = new Entry[servers];
        for (var i = 0; i < servers; i++) entries[i] = new();
    }

    public int Servers => entries.Length;

    /// <summary>Number of the server's next beat.</summary>
    public int Begin(int server)
    {
        lock (entries[server])
        {
            if (entries[server].Beats.Count > MostBeatsPerServer) throw new InvalidOperationException($"Server {server} has beaten too often to number its beats.");
            entries[server].Beats.Add(SentBeat.Unknown);
            return entries[server].Beats.Count - 1;
        }
    }

    public void Acknowledge(int server, int number, DateTimeOffset seenAt)
    {
        lock (entries[server])
        {
            entries[server].Beats[number] = SentBeat.Acknowledged;
            if (seenAt > entries[server].SeenAt) entries[server].SeenAt = seenAt;
        }
    }

    public void Refuse(int server, int number)
    {
        lock (entries[server]) entries[server].Beats[number] = SentBeat.Refused;
    }

    /// <summary>The beats of a server, by number. For after the run.</summary>
    public IReadOnlyList<SentBeat> BeatsOf(int server) => entries[server].Beats;

    /// <summary>When the hub received the last acknowledged beat, by its own word; the least value when there was none.</summary>
    public DateTimeOffset SeenAt(int server) => entries[server].SeenAt;

    private sealed class Entry
    {
        public List<SentBeat> Beats { get; } = [];

        public DateTimeOffset SeenAt { get; set; } = DateTimeOffset.MinValue;
    }
}
