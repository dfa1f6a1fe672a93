using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Accounts;

internal sealed class AccountQueries(NpgsqlDataSource db)
{
    private const string ApplySql = """
        WITH applied AS (
            INSERT INTO accounts (id, username, display_name, revision) VALUES ($1, $2, $3, $4)
            ON CONFLICT (id) DO UPDATE SET username = EXCLUDED.username, display_name = EXCLUDED.display_name, revision = EXCLUDED.revision
                WHERE accounts.revision < EXCLUDED.revision
            RETURNING id, display_name)
        UPDATE packs p SET publisher_name = applied.display_name FROM applied WHERE p.owner_id = applied.id AND p.publisher_name <> applied.display_name
        """; // an event that is older than what is known changes nothing

    private const string AddSql = "INSERT INTO accounts (id, username, display_name, revision) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING";

    private const string LockSql = "SELECT display_name FROM accounts WHERE id = $1 FOR NO KEY UPDATE";

    public Task ApplyAsync(AccountChanged account, CancellationToken stop) =>
        db.ExecuteAsync(ApplySql, stop, account.AccountId, account.Username, account.DisplayName, account.Revision);

    /// <summary>
    /// Locks the caller's account for the transaction, so that two requests of one account cannot both take the last place of its plan.
    /// Gives the account's display name. The account's own event may be on its way still: then the credentials say what it is called.
    /// </summary>
    public static async Task<string> LockAsync(NpgsqlConnection connection, Caller caller, CancellationToken stop)
    {
        await connection.ExecuteAsync(AddSql, stop, caller.AccountId, caller.Username, caller.DisplayName);
        return (await connection.ScalarAsync<string>(LockSql, stop, caller.AccountId))!;
    }
}
