using System.Diagnostics;

namespace PackRelay.Heartbeats;

/// <summary>Reads the stores after a run until every acknowledged beat is there, or for as long as that may take.</summary>
internal sealed class Verdict(Ledger ledger, SeriesReader series, LiveReader live)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The last comparison.</summary>
    public Reconciliation Found { get; private set; } = new(ledger);

    /// <summary>Acknowledged beats that were not in the series yet when the run ended: they waited in the spool.</summary>
    public int Late { get; private set; }

    /// <summary>How long after the run the last of them came.</summary>
    public TimeSpan SettledAfter { get; private set; }

    public async Task RunAsync(DateTimeOffset since, TimeSpan patience, CancellationToken stop)
    {
        var numbers = Enumerable.Range(0, ledger.Servers).ToDictionary(Fleet.ServerId);
        var started = Stopwatch.GetTimestamp();
        for (var first = true; ; first = false)
        {
            Found = new(ledger);
            await series.ReadAsync(since, (server, number) => Found.AddPoint(numbers.GetValueOrDefault(server, -1), number), stop);
            Found.Finish();
            if (first) Late = Found.Lost;
            else SettledAfter = Stopwatch.GetElapsedTime(started);
            if (Found.Lost == 0 || Stopwatch.GetElapsedTime(started) > patience) break;
            await Task.Delay(Pause, stop);
        }

        var seen = await live.ReadAsync(ledger.Servers, stop);
        for (var server = 0; server < seen.Length; server++) Found.AddSeen(server, seen[server]);
    }
}
