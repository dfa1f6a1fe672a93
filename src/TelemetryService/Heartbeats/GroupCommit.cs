using System.Diagnostics;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Live;
using PackRelay.TelemetryService.Players;
using PackRelay.TelemetryService.Spool;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>
/// Stores a batch of heartbeats with one script in Redis and one write to InfluxDB. Redis first, because it refuses beats that come too often.
/// A beat whose points find no store is answered 503 although it shows in the live state: the server did beat, and its retry is welcome.
/// </summary>
internal sealed class GroupCommit(LiveState live, PlayerNames names, SeriesWriter series, StatusJournal journal, HeartbeatMetrics metrics)
{
    private readonly LineProtocol lines = new();

    /// <summary>One batch at a time.</summary>
    public async Task RunAsync(IReadOnlyList<Beat> beats, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var stamps = await live.StampAsync(beats, stop);
        lines.Clear();
        var refused = 0;
        List<Beat>? showing = null;
        for (var i = 0; i < beats.Count; i++)
        {
            if (stamps[i].IsRefused)
            {
                beats[i].Complete(new(BeatOutcome.RateLimited, stamps[i].RetryAfter));
                refused++;
            }
            else
            {
                Write(lines, beats[i]);
                if (beats[i].Server.ShowPlayers && !stamps[i].IsOvertaken) (showing ??= []).Add(beats[i]);
            }
        }

        var keeping = showing is null || live.IsAway ? Task.CompletedTask : names.KeepAsync(showing, stop);
        var stored = refused == beats.Count || await series.WriteAsync(lines.Written, stop);
        await keeping;
        for (var i = 0; i < beats.Count; i++)
        {
            if (stamps[i].IsRefused) continue;
            if (stored) journal.Follow(beats[i], stamps[i]);
            else beats[i].Complete(new(BeatOutcome.Unavailable));
        }

        if (!stored) await live.GiveBackAsync([.. beats.Where((_, i) => !stamps[i].IsRefused)], stop);

        metrics.Beats(refused, "rate_limited");
        metrics.Beats(beats.Count - refused, stored ? "stored" : "unavailable");
        metrics.Committed(beats.Count, Stopwatch.GetElapsedTime(started));
    }

    private static void Write(LineProtocol lines, Beat beat) => lines
        .Point("heartbeat")
        .Tag("server", beat.Server.Id) // the id, because a slug may be taken by another server later
        .Field("players", beat.Reading.CurrentPlayers)
        .Field("max_players", beat.Reading.MaxPlayers)
        .Field("cpu", beat.Reading.CpuPct)
        .Field("ram", beat.Reading.RamPct)
        .At(beat.SeriesTime);
}
