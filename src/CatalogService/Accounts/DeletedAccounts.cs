using Npgsql;
using PackRelay.CatalogService.Keys;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Accounts;

/// <summary>
/// Removes what an account that was deleted leaves here: its keys sign no more, it leaves its teams, its offers, favourites and ads go. Its row stays, since slugs of deleted
/// packs and servers are reserved to it, and what its keys signed stays published.
/// </summary>
internal static class DeletedAccounts
{
    private const string KeysSql = "UPDATE publisher_keys SET revoked_at = $2 WHERE owner_id = $1 AND revoked_at IS NULL RETURNING key_id";

    private const string TeamsSql = "SELECT pack_id FROM pack_members WHERE account_id = $1 ORDER BY pack_id";

    private const string LeaveSql = "DELETE FROM pack_members WHERE pack_id = $1 AND account_id = $2";

    private const string OffersSql = "DELETE FROM pack_transfers WHERE receiver_id = $1";

    // Locked in one order, so that two of these never wait for each other in a ring; then counted by what is removed.
    private const string PacksSql = "SELECT id FROM packs WHERE id IN (SELECT pack_id FROM pack_favorites WHERE account_id = $1) ORDER BY id FOR NO KEY UPDATE";

    private const string ServersSql = "SELECT id FROM servers WHERE id IN (SELECT server_id FROM server_favorites WHERE account_id = $1) ORDER BY id FOR NO KEY UPDATE";

    private const string FavoritesSql = """
        WITH packs_gone AS (DELETE FROM pack_favorites WHERE account_id = $1 RETURNING pack_id),
        servers_gone AS (DELETE FROM server_favorites WHERE account_id = $1 RETURNING server_id),
        packs_less AS (UPDATE packs p SET favorite_count = favorite_count - 1 FROM packs_gone g WHERE p.id = g.pack_id)
        UPDATE servers s SET favorite_count = favorite_count - 1 FROM servers_gone g WHERE s.id = g.server_id
        """;

    private const string AdsSql = "DELETE FROM railcraft_ads WHERE account_id = $1";

    /// <summary>In the transaction that learns of the deletion.</summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, Guid accountId, DateTimeOffset now, CancellationToken stop)
    {
        await KeyGate.CloseAllAsync(connection, accountId, stop);
        foreach (var keyId in await connection.ListAsync(KeysSql, row => row.GetString(0), stop, accountId, now))
            await connection.PublishAsync($"key:{keyId}", new KeyRevoked(Guid.CreateVersion7(now), now, keyId, accountId), stop);
        foreach (var packId in await connection.ListAsync(TeamsSql, row => row.GetGuid(0), stop, accountId))
        {
            var isThere = await connection.ScalarAsync<Guid>(PackChanges.LockSql, stop, packId) != Guid.Empty;
            await connection.ExecuteAsync(LeaveSql, stop, packId, accountId);
            if (isThere) await connection.AnnounceChangeAsync(packId, now, stop); // its page names the team
        }

        await connection.ExecuteAsync(OffersSql, stop, accountId);
        await connection.ExecuteAsync(AdsSql, stop, accountId);
        await connection.ExecuteAsync(PacksSql, stop, accountId);
        await connection.ExecuteAsync(ServersSql, stop, accountId);
        await connection.ExecuteAsync(FavoritesSql, stop, accountId);
    }
}
