using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary>A server as the rest of the hub is told of it.</summary>
internal static class ServerState
{
    private const string Sql = """
        SELECT s.id, s.slug, s.revision, s.owner_id, s.name, s.region, s.game, s.max_players, s.created_at, p.slug, p.owner_id, s.pin, COALESCE(s.pin, p.latest_version), s.show_players
          FROM servers s LEFT JOIN packs p ON p.id = s.pack_id
        """;

    private const string ByIdSql = Sql + " WHERE s.id = $1";

    private const string ByIdsSql = Sql + " WHERE s.id = ANY ($1)";

    private const string BySlugSql = Sql + " WHERE s.slug = $1";

    /// <summary>Names a server to the outbox: its events leave in order.</summary>
    public static string Entity(Guid serverId) => $"server:{serverId}";

    /// <summary>The event for a change just made on this connection.</summary>
    public static async Task<ServerChanged> ReadAsync(NpgsqlConnection connection, Guid serverId, ServerChange change, DateTimeOffset now, CancellationToken stop) =>
        (await connection.FirstAsync(ByIdSql, row => Read(row, change, now), stop, serverId))!;

    /// <summary>The same for several servers at once.</summary>
    public static Task<List<ServerChanged>> ReadAsync(NpgsqlConnection connection, Guid[] serverIds, ServerChange change, DateTimeOffset now, CancellationToken stop) =>
        connection.ListAsync(ByIdsSql, row => Read(row, change, now), stop, serverIds);

    /// <summary>The same for a service that has missed the events; null when there is no such server.</summary>
    public static Task<ServerChanged?> FindAsync(NpgsqlDataSource db, string slug, DateTimeOffset now, CancellationToken stop) =>
        db.FirstAsync<ServerChanged>(BySlugSql, row => Read(row, ServerChange.Updated, now), stop, slug);

    private static ServerChanged Read(NpgsqlDataReader row, ServerChange change, DateTimeOffset now) => new(
        Guid.CreateVersion7(now), now, row.GetGuid(0), row.GetString(1), row.GetInt64(2), change, row.GetGuid(3), row.GetString(4), row.GetString(5),
        row.GetString(6), row.GetInt32(7), ReadPack(row), row.GetFieldValue<DateTimeOffset>(8), row.GetBoolean(13));

    private static AttachedPack? ReadPack(NpgsqlDataReader row) =>
        row.GetNullable<string>(9) is { } slug ? new AttachedPack(slug, row.GetGuid(10), row.GetNullable<string>(11), row.GetNullable<string>(12)) : null;
}
