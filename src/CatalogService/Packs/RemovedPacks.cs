using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Servers;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>Takes a pack away, with all that hangs on it, in one transaction.</summary>
internal sealed class RemovedPacks(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>Stands as the reason with each version of a deleted pack.</summary>
    public const string Reason = "the pack was deleted";

    private const string WithdrawSql = "UPDATE pack_versions SET withdrawn_at = $2, withdraw_reason = $3 WHERE pack_id = $1 AND withdrawn_at IS NULL";

    private const string TeamSql = """
        WITH members AS (DELETE FROM pack_members WHERE pack_id = $1)
        DELETE FROM pack_transfers WHERE pack_id = $1
        """;

    private const string LatestSql = "SELECT latest_version FROM packs WHERE id = $1";

    private const string RemoveSql = """
        UPDATE packs SET visibility = 'deleted', is_featured = false, latest_version_id = NULL, latest_version = NULL, file_count = 0, total_size_bytes = 0,
               revision = revision + 1
         WHERE id = $1
        RETURNING revision, name
        """;

    /// <summary>False when somebody else was faster, or the pack has another owner now.</summary>
    public Task<bool> RemoveAsync(PackFacts pack, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                if (await connection.ScalarAsync<Guid>(PackChanges.LockSql, stop, pack.Id) != pack.OwnerId) return false;
                var now = clock.GetUtcNow();
                var latest = await connection.ScalarAsync<string>(LatestSql, stop, pack.Id);
                await connection.ExecuteAsync(WithdrawSql, stop, pack.Id, now, Reason);
                await connection.ExecuteAsync(TeamSql, stop, pack.Id);
                await Attachments.DetachAllAsync(connection, pack.Id, now, stop);
                var (revision, name) = await connection.FirstAsync(RemoveSql, row => (row.GetInt64(0), row.GetString(1)), stop, pack.Id);
                await PublishAsync(connection, pack, revision, name, latest, now, stop);
                await connection.AuditAsync(actor.Did(AuditActions.PackDeleted, $"pack:{pack.Slug}", now, actor.Caller.AccountId == pack.OwnerId ? null : pack.OwnerId), stop);
                return true;
            },
            stop);

    private static async Task PublishAsync(NpgsqlConnection connection, PackFacts pack, long revision, string name, string? latest, DateTimeOffset now, CancellationToken stop)
    {
        var entity = PackEntity.Of(pack.Slug);
        if (latest is not null) // whoever only follows what is to be installed learns that there is nothing
            await connection.PublishAsync(entity, new PackVersionWithdrawn(Guid.CreateVersion7(now), now, pack.Slug, revision, pack.OwnerId, latest, Reason, LatestVersion: null), stop);
        await connection.PublishAsync(entity, new PackRemoved(Guid.CreateVersion7(now), now, pack.Slug, revision, pack.OwnerId, name), stop);
    }
}
