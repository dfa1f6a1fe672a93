using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Servers;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// What follows from a beat that was stored. Nearly always only an entry for the next <see cref="ServersLive"/>; for a change of status
/// also a transaction, which this worker makes for all such beats that wait at the moment. Redis learns
/// only afterwards that the database knows, so a crash or an outage in between is made up for by the server's next beat.
/// </summary>
internal sealed partial class StatusJournal(
    NpgsqlDataSource db, UptimeQueries uptime, UptimeJournal slots, LiveState live, LiveAnnouncer announcer, IOptions<LiveOptions> options, TimeProvider clock,
    ILogger<StatusJournal> logger)
    : BackgroundService
{
    private const int BatchSize = 500;

    /// <summary>Entries that somebody's answer waits for: about a second's worth. While Redis is away every server's first beat is one.</summary>
    private const int MostAwaited = 2 * BatchSize;

    /// <summary>After a failed transaction beats are answered without one for a moment, so that a hanging database costs none of them more than one time-out.</summary>
    private static readonly TimeSpan Detour = TimeSpan.FromSeconds(1);

    private long detourUntil;

    // Dropping when full is safe for the same reason as a crash is: the next beat of the server is here again in a minute.
    private readonly Channel<Entry> entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(100_000) { SingleReader = true });

    /// <summary>
    /// Takes a stored beat and completes it: at once, or when its status is committed, so that the answer to a first beat also means that its
    /// event is. When the database is away, or many wait already, the beat is stored all the same, and is answered so.
    /// </summary>
    public void Follow(Beat beat, Stamp stamp)
    {
        if (stamp.IsOvertaken)
        {
            beat.Complete(new(BeatOutcome.Stored)); // what the later beat said stays
            return;
        }

        if (beat.Reading.Stopping || !stamp.Online)
        {
            if (Stopwatch.GetTimestamp() >= Volatile.Read(ref detourUntil) && entries.Writer.TryWrite(new(beat, stamp)))
            {
                if (entries.Reader.Count > MostAwaited) beat.Complete(new(BeatOutcome.Stored)); // its event comes with its turn
                return;
            }
        }
        else if (stamp.RecordedSlot != Slots.Of(beat.ReceivedAt))
        {
            slots.Note(beat);
        }

        End(beat, stamp.UptimePct ?? 0);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Entry>();
        while (await entries.Reader.WaitToReadAsync(stoppingToken))
        {
            // A server's later beat waits for the next transaction: its statements take each server once.
            var servers = new HashSet<Guid>();
            while (batch.Count < BatchSize && entries.Reader.TryPeek(out var entry) && servers.Add(entry.Beat.Server.Id) && entries.Reader.TryRead(out _)) batch.Add(entry);
            if (await TryCommitAsync(batch, stoppingToken) is { } uptimes)
            {
                foreach (var entry in batch) End(entry.Beat, uptimes.TryGetValue(entry.Beat.Server.Id, out var percent) ? percent : entry.Stamp.UptimePct ?? 0);
            }
            else
            {
                while (entries.Reader.TryRead(out var waiting)) batch.Add(waiting); // they have waited through the time-out as well
                foreach (var entry in batch) End(entry.Beat, entry.Stamp.UptimePct ?? 0);
            }

            batch.Clear();
        }
    }

    private void End(Beat beat, double uptimePct)
    {
        announcer.Note(beat, uptimePct);
        beat.Complete(new(BeatOutcome.Stored));
    }

    /// <summary>Null when the database did not take it.</summary>
    private async Task<Dictionary<Guid, double>?> TryCommitAsync(List<Entry> batch, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Value.StatusTimeout);
        try
        {
            var (online, uptimes) = await db.InTransactionAsync(connection => CommitAsync(connection, batch, limit.Token), limit.Token);
            await live.MarkAsync([.. batch.Select(entry => MarkOf(entry, online, uptimes))], stop);
            return uptimes;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Volatile.Write(ref detourUntil, Stopwatch.GetTimestamp() + (long)(Detour.TotalSeconds * Stopwatch.Frequency));
            CommitFailed(error, batch.Count);
            return null;
        }
    }

    private async Task<(IReadOnlySet<Guid> Online, Dictionary<Guid, double> Uptimes)> CommitAsync(NpgsqlConnection connection, List<Entry> batch, CancellationToken stop)
    {
        await ServerQueries.EnsureAsync(connection, [.. batch.Select(entry => entry.Beat.Server)], stop);
        var changing = batch.Select(entry => entry.Beat).ToLookup(beat => beat.Reading.Stopping);
        var online = await StatusQueries.ApplyAsync(connection, [.. changing[false]], [.. changing[true]], stop);
        var opening = batch.Where(entry => entry.OpensSlot).Select(entry => new SlotBeat(entry.Beat.Server.Id, entry.Beat.Server.CreatedAt, entry.Slot)).ToList();
        return (online, opening.Count > 0 ? await uptime.RecordAsync(connection, opening, clock.GetUtcNow(), stop) : []);
    }

    private static Mark MarkOf(Entry entry, IReadOnlySet<Guid> online, Dictionary<Guid, double> uptimes)
    {
        double? percent = uptimes.TryGetValue(entry.Beat.Server.Id, out var value) ? value : null;
        return new(entry.Beat.Server.Id, entry.Stamp.Generation, online.Contains(entry.Beat.Server.Id), percent is null ? null : entry.Slot, percent);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Status and uptime of {Count} servers could not be recorded; their next beats try again")]
    private partial void CommitFailed(Exception error, int count);

    private sealed record Entry(Beat Beat, Stamp Stamp)
    {
        public long Slot { get; } = Slots.Of(Beat.ReceivedAt);

        public bool OpensSlot => Stamp.RecordedSlot != Slot;
    }
}
