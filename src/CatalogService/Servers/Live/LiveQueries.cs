using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers.Live;

/// <summary>
/// Writes what the telemetry service says into <c>server_live</c>. Events may come twice and out of order: the time of the last heartbeat decides,
/// and for one and the same heartbeat "offline" is the later word. What is said of a server that is offline stays offline: then only its uptime has changed.
/// </summary>
internal sealed class LiveQueries
{
    // Rows are locked in one order, so that batches of two replicas cannot wait for each other in a circle. A first heartbeat comes by two events: what one of them wrote the other leaves alone.
    // What was heard goes along with the lock, because a join of two sets without an index costs the square of a batch, which has thousands of servers.
    internal const string ApplySql = """
        WITH heard AS (
            SELECT DISTINCT ON (server_id) * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[], $5::boolean[], $6::double precision[])
                   AS heard (server_id, current_players, max_players, last_seen_at, online, uptime_pct)
            ORDER BY server_id, last_seen_at DESC, online),
        locked AS MATERIALIZED (SELECT heard.* FROM heard JOIN server_live l USING (server_id) ORDER BY l.server_id FOR UPDATE OF l)
        UPDATE server_live l SET current_players = COALESCE(heard.current_players, l.current_players), max_players = COALESCE(heard.max_players, l.max_players),
               last_seen_at = greatest(l.last_seen_at, heard.last_seen_at), online = heard.online, uptime_pct = COALESCE(heard.uptime_pct, l.uptime_pct)
          FROM locked AS heard
         WHERE l.server_id = heard.server_id
           AND (l.last_seen_at IS NULL OR heard.last_seen_at > l.last_seen_at
                OR (heard.last_seen_at = l.last_seen_at AND l.online AND NOT (heard.online AND heard.uptime_pct IS NULL))
                OR (NOT heard.online AND NOT l.online))
        """;

    private readonly NpgsqlDataSource db;

    // After an outage every server goes online at about the same time, and each has an event of its own.
    private readonly SharedCommit<HeardServer> changes;

    public LiveQueries(NpgsqlDataSource db)
    {
        this.db = db;
        changes = new(ApplyAsync);
    }

    public Task ApplyAsync(IReadOnlyList<LiveServer> servers, CancellationToken stop) => ApplyAsync(
        [.. servers.Select(server => new HeardServer(server.ServerId, server.LastSeenAt, server.Online, server.CurrentPlayers, server.MaxPlayers, server.UptimePct))], stop);

    public Task ApplyAsync(ServerWentOnline server, CancellationToken stop) =>
        changes.WriteAsync(new(server.ServerId, server.OccurredAt, Online: true, server.CurrentPlayers, server.MaxPlayers), stop);

    public Task ApplyAsync(ServerWentOffline server, CancellationToken stop) => changes.WriteAsync(new(server.ServerId, server.LastSeenAt, Online: false), stop);

    private Task<int> ApplyAsync(IReadOnlyList<HeardServer> servers, CancellationToken stop) => db.ExecuteAsync(
        ApplySql, stop,
        servers.Select(server => server.ServerId).ToArray(), servers.Select(server => server.CurrentPlayers).ToArray(), servers.Select(server => server.MaxPlayers).ToArray(),
        servers.Select(server => server.LastSeenAt).ToArray(), servers.Select(server => server.Online).ToArray(), servers.Select(server => server.UptimePct).ToArray());

    /// <summary>What an event says of a server; null is what it does not say.</summary>
    private sealed record HeardServer(Guid ServerId, DateTimeOffset LastSeenAt, bool Online, int? CurrentPlayers = null, int? MaxPlayers = null, double? UptimePct = null);
}
