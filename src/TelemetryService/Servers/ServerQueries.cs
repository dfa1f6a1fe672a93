using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.TelemetryService.Servers;

/// <summary>The durable projection.</summary>
internal sealed class ServerQueries(NpgsqlDataSource db)
{
    private const string Columns = "id, slug, revision, owner_id, name, pack_slug, pack_pin, created_at, show_players, removed";

    private const string FindSql = $"SELECT {Columns} FROM servers WHERE slug = $1 AND NOT removed ORDER BY created_at DESC LIMIT 1";

    private const string FindPackSql = "SELECT slug, revision, latest_version FROM packs WHERE slug = $1";

    private const string PutServerSql = $"""
        INSERT INTO servers ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET
            slug = excluded.slug, revision = excluded.revision, owner_id = excluded.owner_id, name = excluded.name, pack_slug = excluded.pack_slug,
            pack_pin = excluded.pack_pin, show_players = excluded.show_players, removed = excluded.removed, changed_at = clock_timestamp()
        WHERE servers.revision < excluded.revision
        """;

    private const string EnsureSql = $"""
        INSERT INTO servers ({Columns})
        SELECT *, false FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::boolean[]) AS s (id) ORDER BY s.id
        ON CONFLICT (id) DO NOTHING
        """;

    private const string ForgetStatusSql = "WITH gone AS (DELETE FROM server_status WHERE server_id = $1) DELETE FROM uptime_days WHERE server_id = $1";

    // A restart may find 100,000 servers; what is beyond the limit is read when it is asked for.
    private const string ChangedServersSql = $"SELECT {Columns} FROM servers WHERE changed_at > $1 ORDER BY changed_at LIMIT 200000";

    private const string ChangedPacksSql = "SELECT slug, revision, latest_version FROM packs WHERE changed_at > $1 ORDER BY changed_at LIMIT 200000";

    public Task<KnownServer?> FindAsync(string slug, CancellationToken stop) => db.FirstAsync(FindSql, ReadServer, stop, slug)!;

    public Task<KnownPack?> FindPackAsync(string slug, CancellationToken stop) => db.FirstAsync(FindPackSql, ReadPack, stop, slug)!;

    public Task PutAsync(KnownServer server, CancellationToken stop) => db.ExecuteAsync(
        PutServerSql, stop, server.Id, server.Slug, server.Revision, server.OwnerId, server.Name, server.PackSlug, server.PackPin, server.CreatedAt.ToUniversalTime(),
        server.ShowPlayers, server.Removed);

    /// <summary>
    /// Makes sure that servers which beat are projected: the event that told this replica's memory of one may have been faster than the one that the
    /// projection is written from. Servers that are known, or known to be removed, stay as they are.
    /// </summary>
    public static Task EnsureAsync(NpgsqlConnection connection, IReadOnlyList<KnownServer> servers, CancellationToken stop) => connection.ExecuteAsync(
        EnsureSql, stop,
        servers.Select(server => server.Id).ToArray(), servers.Select(server => server.Slug).ToArray(), servers.Select(server => server.Revision).ToArray(),
        servers.Select(server => server.OwnerId).ToArray(), servers.Select(server => server.Name).ToArray(), servers.Select(server => server.PackSlug).ToArray(),
        servers.Select(server => server.PackPin).ToArray(), servers.Select(server => server.CreatedAt.ToUniversalTime()).ToArray(),
        servers.Select(server => server.ShowPlayers).ToArray());

    /// <summary>Removes what was kept about a server that is gone.</summary>
    public Task ForgetStatusAsync(Guid serverId, CancellationToken stop) => db.ExecuteAsync(ForgetStatusSql, stop, serverId);

    public Task<List<KnownServer>> ChangedServersAsync(DateTimeOffset after, CancellationToken stop) => db.ListAsync(ChangedServersSql, ReadServer, stop, after);

    public Task<List<KnownPack>> ChangedPacksAsync(DateTimeOffset after, CancellationToken stop) => db.ListAsync(ChangedPacksSql, ReadPack, stop, after);

    /// <summary>The database's own clock, which stamps the changes.</summary>
    public Task<DateTimeOffset> NowAsync(CancellationToken stop) => db.ScalarAsync<DateTimeOffset>("SELECT clock_timestamp()", stop);

    private static KnownServer ReadServer(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetInt64(2), row.GetGuid(3), row.GetString(4), row.GetNullable<string>(5), row.GetNullable<string>(6),
        row.GetFieldValue<DateTimeOffset>(7), row.GetBoolean(8), row.GetBoolean(9));

    private static KnownPack ReadPack(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetNullable<string>(2));
}
