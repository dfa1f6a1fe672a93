using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.TelemetryService.Heartbeats;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// The durable status. An event is written in the transaction that changes the row, and only by the statement that changed it: whoever asks twice,
/// or after Redis lost everything, changes nothing and announces nothing.
/// </summary>
internal sealed class StatusQueries(NpgsqlDataSource db)
{
    // In one order for all: several replicas and the sweep change many rows at a time, and must not wait for each other in a circle.
    private const string LockSql = "SELECT FROM server_status WHERE server_id = ANY($1) ORDER BY server_id FOR UPDATE";

    // Also moves last_seen_at of a server that is online: a sweep that decides at the same moment then sees that it was wrong.
    private const string SeenSql = """
        UPDATE server_status SET last_seen_at = greatest(server_status.last_seen_at, b.seen)
          FROM unnest($1::uuid[], $2::timestamptz[]) AS b (server_id, seen) WHERE server_status.server_id = b.server_id AND server_status.online
        RETURNING server_status.server_id
        """;

    // A replica may bring a beat late, after an outage: a later stop, or silence, is the truer word.
    private const string OnlineSql = """
        INSERT INTO server_status AS s (server_id, online, last_seen_at, changed_at)
        SELECT b.server_id, true, b.seen, b.seen
          FROM unnest($1::uuid[], $2::timestamptz[]) AS b (server_id, seen) JOIN servers ON servers.id = b.server_id AND NOT servers.removed
         ORDER BY b.server_id
        ON CONFLICT (server_id) DO UPDATE SET online = true, last_seen_at = excluded.last_seen_at, changed_at = excluded.changed_at
         WHERE NOT s.online AND excluded.last_seen_at >= s.last_seen_at
        RETURNING server_id
        """;

    private const string StoppedSql = """
        WITH stopped AS MATERIALIZED (
            SELECT s.server_id, s.online AS was_online, b.seen FROM unnest($1::uuid[], $2::timestamptz[]) AS b (server_id, seen) JOIN server_status s USING (server_id)
             WHERE s.last_seen_at <= b.seen)
        UPDATE server_status s SET online = false, last_seen_at = stopped.seen, changed_at = CASE WHEN s.online THEN stopped.seen ELSE s.changed_at END
          FROM stopped WHERE s.server_id = stopped.server_id
        RETURNING s.server_id, stopped.was_online
        """;

    private const string FenceSql = "UPDATE hub_receiving SET fence = $1 WHERE fence <= $1";

    private const string SilentSql = """
        UPDATE server_status SET online = false, last_seen_at = greatest(server_status.last_seen_at, b.seen), changed_at = $4
          FROM unnest($1::uuid[], $2::timestamptz[]) AS b (server_id, seen), servers
         WHERE server_status.server_id = b.server_id AND server_status.online AND server_status.last_seen_at < $3
           AND servers.id = b.server_id AND NOT servers.removed
        RETURNING server_status.server_id, server_status.last_seen_at, servers.slug, servers.owner_id, servers.name
        """;

    private const string OnlineServersSql = "SELECT server_id FROM server_status WHERE online";

    private const string CountOnlineSql = "SELECT count(*) FROM server_status WHERE online";

    private const string NotOnlineSql = """
        SELECT b.server_id FROM unnest($1::uuid[]) AS b (server_id) LEFT JOIN server_status s USING (server_id) WHERE s.online IS NOT TRUE
        """;

    private const string ReceivingSql = "SELECT since, last_pulse FROM hub_receiving";

    /// <summary>Servers whose status this batch changed are announced. Each server at most once in either list. Gives those of the beating ones that are online: all, but for beats that came too late to tell.</summary>
    public static async Task<IReadOnlySet<Guid>> ApplyAsync(NpgsqlConnection connection, IReadOnlyList<Beat> beating, IReadOnlyList<Beat> stopping, CancellationToken stop)
    {
        await connection.ExecuteAsync(LockSql, stop, beating.Concat(stopping).Select(beat => beat.Server.Id).ToArray());
        var (ids, seen) = Columns(beating);
        var stayed = await connection.ListAsync(SeenSql, row => row.GetGuid(0), stop, ids, seen);
        var online = await connection.ListAsync(OnlineSql, row => row.GetGuid(0), stop, ids, seen);
        (ids, seen) = Columns(stopping);
        var stopped = await connection.ListAsync(StoppedSql, row => (Id: row.GetGuid(0), WasOnline: row.GetBoolean(1)), stop, ids, seen);
        var offline = stopped.Where(server => server.WasOnline).Select(server => server.Id).ToList();
        IEnumerable<IHubEvent> events = [
            .. Of(online, beating).Select(beat => new ServerWentOnline(
                Guid.CreateVersion7(beat.ReceivedAt), beat.ReceivedAt, beat.Server.Id, beat.Server.Slug, beat.Server.OwnerId, beat.Server.Name,
                beat.Reading.CurrentPlayers, beat.Reading.MaxPlayers)),
            .. Of(offline, stopping).Select(beat => new ServerWentOffline(
                Guid.CreateVersion7(beat.ReceivedAt), beat.ReceivedAt, beat.Server.Id, beat.Server.Slug, beat.Server.OwnerId, beat.Server.Name, beat.ReceivedAt)),
        ];
        await AnnounceAsync(connection, events, stop);
        return stayed.Concat(online).ToHashSet();
    }

    /// <summary>Takes silent servers offline but for those of which a beat came after all. Gives their number; null when a newer holder of the lease was here.</summary>
    public Task<int?> TakeOfflineAsync(IReadOnlyList<SilentServer> silent, DateTimeOffset cutoff, DateTimeOffset now, long fence, CancellationToken stop) =>
        db.InTransactionAsync<int?>(
            async connection =>
            {
                if (await connection.ExecuteAsync(FenceSql, stop, fence) == 0) return null;
                await connection.ExecuteAsync(LockSql, stop, silent.Select(server => server.ServerId).ToArray());
                var gone = await connection.ListAsync<IHubEvent>(
                    SilentSql, row => new ServerWentOffline(
                        Guid.CreateVersion7(now), now, row.GetGuid(0), row.GetString(2), row.GetGuid(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(1)),
                    stop, silent.Select(server => server.ServerId).ToArray(), silent.Select(server => server.LastSeenAt).ToArray(), cutoff, now);
                await AnnounceAsync(connection, gone, stop);
                return gone.Count;
            },
            stop);

    /// <summary>The servers that are online, as far as the database knows.</summary>
    public Task<List<Guid>> OnlineServersAsync(CancellationToken stop) => db.ListAsync(OnlineServersSql, row => row.GetGuid(0), stop);

    /// <summary>Their number.</summary>
    public Task<long> CountOnlineAsync(CancellationToken stop) => db.ScalarAsync<long>(CountOnlineSql, stop);

    /// <summary>Those of some servers that are not online, as far as the database knows.</summary>
    public async Task<IReadOnlySet<Guid>> NotOnlineAsync(IReadOnlyList<Guid> servers, CancellationToken stop) =>
        (await db.ListAsync(NotOnlineSql, row => row.GetGuid(0), stop, servers.ToArray())).ToHashSet();

    /// <summary>Since when the hub receives without a gap, and its last pulse; null before the first one.</summary>
    public Task<(DateTimeOffset Since, DateTimeOffset LastPulse)?> ReceivingAsync(CancellationToken stop) =>
        db.FirstAsync<(DateTimeOffset, DateTimeOffset)?>(ReceivingSql, row => (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1)), stop);

    private static async Task AnnounceAsync(NpgsqlConnection connection, IEnumerable<IHubEvent> events, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var hubEvent in events)
            batch.BatchCommands.Add(OutboxWriter.Command($"server:{ServerIdOf(hubEvent)}:status", hubEvent));
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(stop);
    }

    private static Guid ServerIdOf(IHubEvent hubEvent) => hubEvent switch
    {
        ServerWentOnline online => online.ServerId,
        ServerWentOffline offline => offline.ServerId,
        _ => throw new InvalidOperationException($"{hubEvent.GetType().Name} is no change of status."),
    };

    private static IEnumerable<Beat> Of(List<Guid> changed, IReadOnlyList<Beat> beats) => beats.IntersectBy(changed, beat => beat.Server.Id);

    private static (Guid[] Ids, DateTimeOffset[] Seen) Columns(IReadOnlyList<Beat> beats) =>
        ([.. beats.Select(beat => beat.Server.Id)], [.. beats.Select(beat => beat.ReceivedAt)]);
}

/// <summary>A server that has not beaten for too long.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="LastSeenAt">Its last beat.</param>
internal sealed record SilentServer(Guid ServerId, DateTimeOffset LastSeenAt);
