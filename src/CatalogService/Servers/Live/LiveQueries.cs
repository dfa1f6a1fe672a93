using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers.Live;

/// <summary>
/// Writes what the telemetry service says into <c>server_live</c>. Events may come twice and out of order: the time of the last heartbeat decides,
/// and for one and the same heartbeat "offline" is the later word. What is said of a server that is offline stays offline: then only its uptime has changed.
/// </summary>
internal sealed class LiveQueries(NpgsqlDataSource db)
{
    // Rows are locked in one order, so that batches of two replicas cannot wait for each other in a circle.
    private const string ApplySql = """
        WITH heard AS (
            SELECT DISTINCT ON (server_id) * FROM unnest($1, $2, $3, $4, $5, $6) AS heard (server_id, current_players, max_players, last_seen_at, online, uptime_pct)
            ORDER BY server_id, last_seen_at DESC),
        locked AS MATERIALIZED (SELECT l.server_id FROM server_live l JOIN heard USING (server_id) ORDER BY l.server_id FOR UPDATE OF l)
        UPDATE server_live l SET current_players = heard.current_players, max_players = COALESCE(heard.max_players, l.max_players),
               last_seen_at = greatest(l.last_seen_at, heard.last_seen_at), online = heard.online, uptime_pct = heard.uptime_pct
          FROM heard JOIN locked USING (server_id)
         WHERE l.server_id = heard.server_id
           AND (l.last_seen_at IS NULL OR heard.last_seen_at > l.last_seen_at OR (heard.last_seen_at = l.last_seen_at AND l.online)
                OR (NOT heard.online AND NOT l.online))
        """;

    private const string OnlineSql = """
        UPDATE server_live SET current_players = $2, max_players = COALESCE($3, max_players), last_seen_at = $4, online = true
         WHERE server_id = $1 AND (last_seen_at IS NULL OR last_seen_at < $4)
        """;

    private const string OfflineSql = """
        UPDATE server_live SET online = false, last_seen_at = $2 WHERE server_id = $1 AND (last_seen_at IS NULL OR last_seen_at <= $2)
        """;

    public Task ApplyAsync(IReadOnlyList<LiveServer> servers, CancellationToken stop) => db.ExecuteAsync(
        ApplySql, stop,
        servers.Select(server => server.ServerId).ToArray(), servers.Select(server => server.CurrentPlayers).ToArray(), servers.Select(server => server.MaxPlayers).ToArray(),
        servers.Select(server => server.LastSeenAt).ToArray(), servers.Select(server => server.Online).ToArray(), servers.Select(server => server.UptimePct).ToArray());

    public Task ApplyAsync(ServerWentOnline server, CancellationToken stop) =>
        db.ExecuteAsync(OnlineSql, stop, server.ServerId, server.CurrentPlayers, server.MaxPlayers, server.OccurredAt);

    public Task ApplyAsync(ServerWentOffline server, CancellationToken stop) => db.ExecuteAsync(OfflineSql, stop, server.ServerId, server.LastSeenAt);
}
