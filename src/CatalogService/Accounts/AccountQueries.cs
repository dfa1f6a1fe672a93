using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Accounts;

internal sealed class AccountQueries(NpgsqlDataSource db, TimeProvider clock)
{
    private const string ApplySql = """
        INSERT INTO accounts (id, username, display_name, plan, revision, minecraft_name, minecraft_uuid) VALUES ($1, $2, $3, $5, $4, $6, $7)
        ON CONFLICT (id) DO UPDATE SET username = EXCLUDED.username, display_name = EXCLUDED.display_name, plan = EXCLUDED.plan, revision = EXCLUDED.revision,
               minecraft_name = EXCLUDED.minecraft_name, minecraft_uuid = EXCLUDED.minecraft_uuid
         WHERE accounts.revision < EXCLUDED.revision
        """; // an event that is older than what is known changes nothing

    // A statement of its own: while the one above waited for the account's lock a pack may have become this account's.
    private const string RenameSql = "UPDATE packs SET publisher_name = $2 WHERE owner_id = $1 AND publisher_name <> $2 RETURNING id, visibility";

    private const string FindSql = "SELECT id FROM accounts WHERE username = $1 ORDER BY revision DESC LIMIT 1";

    private const string AddSql = "INSERT INTO accounts (id, username, display_name, plan, revision) VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING";

    private const string LockSql = "SELECT display_name FROM accounts WHERE id = $1 FOR NO KEY UPDATE";

    public Task ApplyAsync(AccountChanged account, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                var changed = await connection.ExecuteAsync(
                    ApplySql, stop, account.AccountId, account.Username, account.DisplayName, account.Revision, account.Plan, account.MinecraftName, account.MinecraftUuid);
                if (changed == 0) return 0;
                var renamed = await connection.ListAsync(RenameSql, row => (Id: row.GetGuid(0), Visibility: row.GetString(1)), stop, account.AccountId, account.DisplayName);
                if (account.Deleted) await DeletedAccounts.ForgetAsync(connection, account.AccountId, clock.GetUtcNow(), stop);
                foreach (var pack in renamed.Where(pack => pack.Visibility != PackVisibility.Deleted)) // their pages and the lists show the name
                    await connection.AnnounceChangeAsync(pack.Id, clock.GetUtcNow(), stop);
                return renamed.Count;
            },
            stop);

    /// <summary>The account of a username; null when nobody is called so.</summary>
    public static async Task<Guid?> FindAsync(NpgsqlConnection connection, string username, CancellationToken stop) =>
        await connection.ScalarAsync<Guid>(FindSql, stop, username) is var id && id != Guid.Empty ? id : null;

    /// <summary>
    /// Locks the caller's account for the transaction, so that two requests of one account cannot both take the last place of its plan.
    /// Gives the account's display name. The account's own event may be on its way still: then the credentials say what it is called.
    /// </summary>
    public static async Task<string> LockAsync(NpgsqlConnection connection, Caller caller, CancellationToken stop)
    {
        await connection.ExecuteAsync(AddSql, stop, caller.AccountId, caller.Username, caller.DisplayName, caller.Plan);
        return (await connection.ScalarAsync<string>(LockSql, stop, caller.AccountId))!;
    }
}
