using System.Collections;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.TelemetryService.Uptime;

/// <summary>The bit maps of slots.</summary>
internal sealed class UptimeQueries(NpgsqlDataSource db, KnownSlots known)
{
    // Only for servers that still exist: a beat on its way while the server is removed must leave no row.
    private const string RecordSql = """
        INSERT INTO uptime_days AS u (server_id, day, slots)
        SELECT b.server_id, b.day, set_bit(repeat('0', 288)::bit(288), b.slot, 1)
          FROM unnest($1::uuid[], $2::date[], $3::int[]) AS b (server_id, day, slot) JOIN servers s ON s.id = b.server_id AND NOT s.removed
         ORDER BY b.server_id
        ON CONFLICT (server_id, day) DO UPDATE SET slots = u.slots | excluded.slots
        """;

    private const string DaysSql = "SELECT server_id, day, slots FROM uptime_days WHERE server_id = ANY($1) AND day >= $2";

    private const string OneServersDaysSql = "SELECT day, slots FROM uptime_days WHERE server_id = $1 AND day >= $2";

    private const string PulseSql = """
        INSERT INTO hub_slots AS h (slot, pulses) VALUES ($1, $2) ON CONFLICT (slot) DO UPDATE SET pulses = h.pulses | excluded.pulses
        """;

    private const string ReceivingSql = """
        INSERT INTO hub_receiving AS h (since, last_pulse) VALUES ($1, $1)
        ON CONFLICT (only_row) DO UPDATE SET
            since = CASE WHEN excluded.last_pulse - h.last_pulse > $2 THEN excluded.since ELSE h.since END,
            last_pulse = greatest(h.last_pulse, excluded.last_pulse)
        """;

    private const string HubSlotsSql = "SELECT slot, pulses FROM hub_slots WHERE slot >= $1";

    private const string PruneSql = "WITH old AS (DELETE FROM hub_slots WHERE slot < $1) DELETE FROM uptime_days WHERE day < $2";

    /// <summary>Sets the slot of each beat, once per server, and gives each server's uptime after it.</summary>
    public async Task<Dictionary<Guid, double>> RecordAsync(NpgsqlConnection connection, IReadOnlyList<SlotBeat> beats, DateTimeOffset now, CancellationToken stop)
    {
        await connection.ExecuteAsync(
            RecordSql, stop, beats.Select(beat => beat.ServerId).ToArray(), beats.Select(beat => Slots.DayOf(beat.Slot)).ToArray(), beats.Select(beat => Slots.InDay(beat.Slot)).ToArray());
        return await PercentsAsync(connection, [.. beats.Select(beat => (beat.ServerId, beat.CreatedAt))], now, stop);
    }

    /// <summary>The uptime of servers over 7 days.</summary>
    public async Task<Dictionary<Guid, double>> PercentsAsync(
        NpgsqlConnection connection, IReadOnlyList<(Guid Id, DateTimeOffset CreatedAt)> servers, DateTimeOffset now, CancellationToken stop)
    {
        if (!known.AreRead) await RefreshKnownAsync(everything: true, now, stop); // without them only slots with beats would count
        var rows = await connection.ListAsync(
            DaysSql, row => (Server: row.GetGuid(0), Day: row.GetFieldValue<DateOnly>(1), Slots: row.GetFieldValue<BitArray>(2)), stop,
            servers.Select(server => server.Id).ToArray(), Slots.DayOf(Slots.Of(now) - Slots.Window + 1));
        var days = rows.ToLookup(row => row.Server);
        return servers.ToDictionary(server => server.Id, server => UptimeWindow.Percent(
            days[server.Id].ToDictionary(row => row.Day, row => row.Slots), known.Contains, server.CreatedAt, now));
    }

    /// <summary>The uptime of a server by days, oldest first.</summary>
    public async Task<IReadOnlyList<UptimeDay>> DaysAsync(Guid serverId, DateTimeOffset createdAt, DateTimeOffset now, CancellationToken stop)
    {
        var oldest = Slots.DayOf(Slots.Of(now)).AddDays(1 - Slots.Days);
        if (!known.AreRead) await RefreshKnownAsync(everything: true, now, stop);
        var rows = await db.ListAsync(OneServersDaysSql, row => (Day: row.GetFieldValue<DateOnly>(0), Slots: row.GetFieldValue<BitArray>(1)), stop, serverId, oldest);
        var beats = rows.ToDictionary(row => row.Day, row => row.Slots);
        return [.. Enumerable.Range(0, Slots.Days).Select(oldest.AddDays).Select(day => new UptimeDay(day, UptimeWindow.DayPercent(day, beats, known.Contains, createdAt, now)))];
    }

    /// <summary>Records that this replica is able to receive; replicas complete each other.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="heardUntil">The last moment of which it is certain; at most <paramref name="now"/>.</param>
    /// <param name="gap">A longer pause between two pulses was an outage of the hub, after which it counts anew.</param>
    /// <param name="stop">Cancels the statements.</param>
    public async Task PulseAsync(DateTimeOffset now, DateTimeOffset heardUntil, TimeSpan gap, CancellationToken stop)
    {
        var slot = Slots.Of(now);
        var part = (int)((now - DateTimeOffset.UnixEpoch - slot * Slots.Length) / (Slots.Length / KnownSlots.PulsesPerSlot));
        await db.ExecuteAsync(PulseSql, stop, slot, 1 << part);
        await db.ExecuteAsync(ReceivingSql, stop, heardUntil, gap);
    }

    /// <summary>Reads which slots are known, in the end of a day at least: what is older does not change any more.</summary>
    /// <param name="everything">All of them, for the first time.</param>
    /// <param name="now">The current time.</param>
    /// <param name="stop">Cancels the statement.</param>
    public async Task RefreshKnownAsync(bool everything, DateTimeOffset now, CancellationToken stop)
    {
        var oldest = Oldest(now);
        var from = everything ? oldest : Slots.Of(now) - Slots.PerDay;
        known.Add(await db.ListAsync(HubSlotsSql, row => (row.GetInt64(0), row.GetInt32(1)), stop, from), oldest);
    }

    /// <summary>Removes what nobody looks at any more.</summary>
    public Task PruneAsync(DateTimeOffset now, CancellationToken stop)
    {
        var oldest = Oldest(now);
        return db.ExecuteAsync(PruneSql, stop, oldest, Slots.DayOf(oldest));
    }

    private static long Oldest(DateTimeOffset now) => Slots.Of(now.AddDays(-Slots.Days - 1));
}

/// <summary>The first beat of a server in a slot.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Slot">The slot of the beat.</param>
internal sealed record SlotBeat(Guid ServerId, DateTimeOffset CreatedAt, long Slot);
