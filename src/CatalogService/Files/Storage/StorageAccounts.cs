using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Storage;

/// <summary>
/// What accounts keep, counted exactly: every change is one conditional statement on the account's row, in the transaction of what it counts. Of two
/// requests that want the last place, one gets it.
/// </summary>
internal sealed class StorageAccounts(NpgsqlDataSource db)
{
    private const string UsedSql = "SELECT stored_bytes + pending_bytes FROM account_storage WHERE account_id = $1";

    private const string OpenSql = "INSERT INTO account_storage (account_id) VALUES ($1) ON CONFLICT DO NOTHING";

    private const string ChargeSql = """
        UPDATE account_storage SET stored_bytes = stored_bytes + $2, pending_bytes = pending_bytes + $3
         WHERE account_id = $1 AND ($2 + $3 <= 0 OR stored_bytes + pending_bytes + $2 + $3 <= $4)
        """; // giving back is always allowed, also to those who are over a smaller plan

    /// <summary>Bytes that an account keeps now.</summary>
    public Task<long> UsedAsync(Guid accountId, CancellationToken stop) => db.ScalarAsync<long>(UsedSql, stop, accountId);

    /// <summary>The same on a connection that the caller holds: who holds one and waits for a second can wait for ever, when all who hold one do.</summary>
    public static Task<long> UsedAsync(NpgsqlConnection connection, Guid accountId, CancellationToken stop) => connection.ScalarAsync<long>(UsedSql, stop, accountId);

    /// <summary>Adds to what an account keeps, within the transaction. False when that would pass the limit; then nothing was changed.</summary>
    /// <param name="connection">Has the transaction.</param>
    /// <param name="accountId">The account.</param>
    /// <param name="storedBytes">More (or less) of files.</param>
    /// <param name="pendingBytes">More (or less) of parts of uploads.</param>
    /// <param name="limitBytes">What its plan allows.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<bool> ChargeAsync(NpgsqlConnection connection, Guid accountId, long storedBytes, long pendingBytes, long limitBytes, CancellationToken stop)
    {
        await connection.ExecuteAsync(OpenSql, stop, accountId);
        return await connection.ExecuteAsync(ChargeSql, stop, accountId, storedBytes, pendingBytes, limitBytes) == 1;
    }
}
