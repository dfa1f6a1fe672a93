using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Accounts;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Teams;

/// <summary>Who is in a pack's team. Each change locks the pack, so that the limit holds and an owner who has just given it away decides nothing more.</summary>
internal sealed class Members(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>Most members of a pack: its page lists them all.</summary>
    public const int Limit = 50;

    private const string CountSql = "SELECT count(*) FROM pack_members WHERE pack_id = $1 AND account_id <> $2";

    // Doing it twice changes nothing: no row comes back when the role is the same.
    private const string SetSql = """
        INSERT INTO pack_members (pack_id, account_id, role, added_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (pack_id, account_id) DO UPDATE SET role = EXCLUDED.role WHERE pack_members.role <> EXCLUDED.role
        RETURNING xmax = 0
        """;

    private const string FindSql = $"SELECT {Member.Columns} FROM pack_members m JOIN accounts a ON a.id = m.account_id WHERE m.pack_id = $1 AND m.account_id = $2";

    private const string RemoveSql = "DELETE FROM pack_members WHERE pack_id = $1 AND account_id = $2";

    /// <summary>Adds somebody, or gives a member another role.</summary>
    public Task<(Member? Member, bool IsNew, ApiError? Refusal)> SetAsync(PackFacts pack, string username, string role, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync<(Member?, bool, ApiError?)>(
            async connection =>
            {
                var ownerId = await connection.ScalarAsync<Guid>(PackChanges.LockSql, stop, pack.Id);
                if (ownerId != pack.OwnerId) return (null, false, PackErrors.NotFound(pack.Slug)); // deleted or given away meanwhile
                if (await AccountQueries.FindAsync(connection, username, stop) is not { } accountId) return (null, false, TeamErrors.NoAccount(username));
                if (accountId == ownerId) return (null, false, TeamErrors.IsOwner(pack.Slug));
                if (await connection.ScalarAsync<long>(CountSql, stop, pack.Id, accountId) >= Limit)
                    return (null, false, ApiError.Conflict(TeamErrors.TooManyMembers, $"a pack has at most {Limit} members"));

                var now = clock.GetUtcNow();
                var change = await connection.ListAsync(SetSql, row => row.GetBoolean(0), stop, pack.Id, accountId, role, now);
                if (change.Count > 0)
                {
                    await connection.AnnounceChangeAsync(pack.Id, now, stop);
                    await connection.AuditAsync(actor.Did(AuditActions.MemberAdded, $"pack:{pack.Slug}", now, accountId, ("role", role)), stop);
                }

                return (await connection.FirstAsync(FindSql, Member.Read, stop, pack.Id, accountId), change is [true], null);
            },
            stop);

    /// <summary>False when there is no such member.</summary>
    public Task<bool> RemoveAsync(PackFacts pack, string username, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                var now = clock.GetUtcNow();
                if (await connection.ScalarAsync<Guid>(PackChanges.LockSql, stop, pack.Id) != pack.OwnerId) return false;
                if (await AccountQueries.FindAsync(connection, username, stop) is not { } accountId) return false;
                if (await connection.ExecuteAsync(RemoveSql, stop, pack.Id, accountId) == 0) return false;
                await connection.AnnounceChangeAsync(pack.Id, now, stop);
                await connection.AuditAsync(actor.Did(AuditActions.MemberRemoved, $"pack:{pack.Slug}", now, accountId), stop);
                return true;
            },
            stop);
}
