using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Favorites;

/// <summary>The answer to a toggle.</summary>
/// <param name="Favorited">Whether it is a favourite of the caller now.</param>
/// <param name="Count">How many accounts it is a favourite of.</param>
public sealed record FavoriteState(bool Favorited, long Count);

/// <summary>Turns favourites on and off. The count on the row is exact: whoever changes it holds the row, and changes it by what was added or removed.</summary>
internal sealed class FavoriteToggle(NpgsqlDataSource db, TimeProvider clock)
{
    private const string LockPackSql = "SELECT true FROM packs WHERE id = $1 AND visibility <> 'deleted' FOR NO KEY UPDATE";

    private const string TogglePackSql = """
        WITH removed AS (DELETE FROM pack_favorites WHERE pack_id = $1 AND account_id = $2 RETURNING 1),
        added AS (INSERT INTO pack_favorites (pack_id, account_id, created_at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM removed) RETURNING 1)
        UPDATE packs SET favorite_count = favorite_count + (SELECT count(*) FROM added) - (SELECT count(*) FROM removed) WHERE id = $1
        RETURNING EXISTS (SELECT FROM added), favorite_count
        """;

    private const string LockServerSql = "SELECT true FROM servers WHERE id = $1 FOR NO KEY UPDATE";

    private const string ToggleServerSql = """
        WITH removed AS (DELETE FROM server_favorites WHERE server_id = $1 AND account_id = $2 RETURNING 1),
        added AS (INSERT INTO server_favorites (server_id, account_id, created_at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM removed) RETURNING 1)
        UPDATE servers SET favorite_count = favorite_count + (SELECT count(*) FROM added) - (SELECT count(*) FROM removed) WHERE id = $1
        RETURNING EXISTS (SELECT FROM added), favorite_count
        """;

    /// <summary>Null when the pack is gone.</summary>
    public Task<FavoriteState?> PackAsync(Guid packId, Guid accountId, CancellationToken stop) => ToggleAsync(LockPackSql, TogglePackSql, packId, accountId, stop);

    /// <summary>Null when the server is gone.</summary>
    public Task<FavoriteState?> ServerAsync(Guid serverId, Guid accountId, CancellationToken stop) => ToggleAsync(LockServerSql, ToggleServerSql, serverId, accountId, stop);

    /// <summary>Locks in a statement of its own: the next one then sees what was committed while it waited.</summary>
    private Task<FavoriteState?> ToggleAsync(string lockSql, string toggleSql, Guid id, Guid accountId, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            if (!await connection.ScalarAsync<bool>(lockSql, stop, id)) return null;
            return await connection.FirstAsync(toggleSql, row => new FavoriteState(row.GetBoolean(0), row.GetInt64(1)), stop, id, accountId, clock.GetUtcNow());
        },
        stop);
}
