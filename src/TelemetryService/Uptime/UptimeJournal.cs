using System.Threading.Channels;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>
/// Records the first beat of each server in a 5-minute slot. At the start of a slot that is every beat for a minute, so nobody's answer waits for it. Redis
/// learns only afterwards that the slot is recorded: what is lost here is recorded by the server's next beat in the slot. Such beats are of servers that Redis
/// believes to be online; of those that the database has otherwise Redis is told so, and their next beats bring them back.
/// </summary>
internal sealed partial class UptimeJournal(
    NpgsqlDataSource db, UptimeQueries uptime, StatusQueries status, LiveState live, LiveAnnouncer announcer, TimeProvider clock, ILogger<UptimeJournal> logger)
    : BackgroundService
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<Beat> beats = Channel.CreateBounded<Beat>(new BoundedChannelOptions(100_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Takes the first beat of a server in a slot, if there is room.</summary>
    public void Note(Beat beat) => beats.Writer.TryWrite(beat);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new Dictionary<(Guid Server, long Slot), Beat>();
        while (await beats.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < BatchSize && beats.Reader.TryRead(out var beat)) batch[(beat.Server.Id, Slots.Of(beat.ReceivedAt))] = beat;
            try
            {
                await RecordAsync(batch, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                RecordFailed(error, batch.Count);
            }

            batch.Clear();
        }
    }

    private async Task RecordAsync(Dictionary<(Guid Server, long Slot), Beat> batch, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TransactionTimeout);
        foreach (var slot in batch.GroupBy(entry => entry.Key.Slot)) // two around a boundary
        {
            SlotBeat[] slots = [.. slot.Select(entry => new SlotBeat(entry.Key.Server, entry.Value.Server.CreatedAt, slot.Key))];
            var percents = await db.InTransactionAsync(connection => uptime.RecordAsync(connection, slots, clock.GetUtcNow(), limit.Token), limit.Token);
            var offline = await status.NotOnlineAsync([.. slots.Select(beat => beat.ServerId)], limit.Token);
            await live.MarkAsync([.. slots.Select(beat => new Mark(beat.ServerId, Generation: -1, offline.Contains(beat.ServerId) ? false : null, slot.Key, percents[beat.ServerId]))], stop);
            foreach (var (key, beat) in slot) announcer.Note(beat, percents[key.Server]);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The uptime of {Count} servers could not be recorded; their next beats try again")]
    private partial void RecordFailed(Exception error, int count);
}
