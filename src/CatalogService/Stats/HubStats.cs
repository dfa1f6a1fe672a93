using Npgsql;
using PackRelay.CatalogService.Servers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Stats;

/// <summary>The hub in numbers. Errors, by <c>code</c>: none of its own.</summary>
/// <param name="ServersOnline">Servers that are online.</param>
/// <param name="PlayersOnline">Players on them, as their last heartbeats say.</param>
/// <param name="PlayersPeak24h">Most players at once in the last 24 hours.</param>
/// <param name="Packs">Public packs.</param>
/// <param name="Downloads24h">Downloads of packs in the last 24 hours.</param>
public sealed record HubNumbers(long ServersOnline, long PlayersOnline, long PlayersPeak24h, long Packs, long Downloads24h);

/// <summary>
/// Counts the hub, all of it from this service's own tables: live state is projected here anyway, and the peak is kept by whoever counts. Nobody's request
/// counts: they get the last count.
/// </summary>
internal sealed class HubStats(NpgsqlDataSource db, ServerPages servers, TimeProvider clock)
{
    private const string CountSql = """
        WITH live AS (
            SELECT count(*) AS servers, COALESCE(sum(current_players), 0)::bigint AS players FROM server_live WHERE online AND last_seen_at > $1),
        peak AS (
            INSERT INTO player_peaks AS p (slot, players) SELECT date_bin('5 minutes', $2::timestamptz, 'epoch'), players FROM live
            ON CONFLICT (slot) DO UPDATE SET players = greatest(p.players, excluded.players)
            RETURNING players)
        SELECT live.servers, live.players,
               greatest((SELECT players FROM peak), (SELECT max(players) FROM player_peaks WHERE slot > $2 - interval '24 hours')),
               (SELECT count(*) FROM packs WHERE visibility = 'public'),
               (SELECT COALESCE(sum(downloads), 0)::bigint FROM download_slots WHERE slot > $2 - interval '24 hours')
          FROM live
        """;

    private const string PruneSql = """
        WITH peaks AS (DELETE FROM player_peaks WHERE slot < $1 - interval '25 hours') DELETE FROM download_slots WHERE slot < $1 - interval '25 hours'
        """;

    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(5);

    private volatile HubNumbers? last;

    private DateTimeOffset pruneAt;

    /// <summary>The last count; the first request after a start may have to wait for one.</summary>
    public ValueTask<HubNumbers> ReadAsync(CancellationToken stop) => last is { } numbers ? ValueTask.FromResult(numbers) : new(CountAsync(stop));

    /// <summary>Counts now.</summary>
    public async Task<HubNumbers> CountAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var numbers = await db.FirstAsync(
            CountSql, row => new HubNumbers(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), stop, servers.OnlineSince, now);
        last = numbers;
        if (now >= pruneAt)
        {
            await db.ExecuteAsync(PruneSql, stop, now);
            pruneAt = now + PruneInterval;
        }

        return numbers!;
    }
}
