using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Solder;

/// <summary>
/// Accounts and tokens name modpacks by their slugs: they follow when one is renamed, and let go of one that is deleted, so that nobody has access to what is called so later.
/// Each change is told as any other of the account. Doing so twice changes nothing, and two renames of a modpack lead to its newest slug whichever comes first.
/// </summary>
internal sealed class RenamedModpacks(NpgsqlDataSource db, TimeProvider clock) : IEventConsumer<SolderModpackRenamed>, IEventConsumer<PackRemoved>
{
    // In one order, so that two of them cannot wait for each other in a circle.
    private const string RenameSql = $$"""
        WITH given AS MATERIALIZED (SELECT id FROM accounts WHERE solder_modpacks @> ARRAY[$1] AND solder_modpacks <> '{}' ORDER BY id FOR UPDATE)
        UPDATE accounts a SET solder_modpacks = array_replace(a.solder_modpacks, $1, $2), revision = a.revision + 1 FROM given WHERE a.id = given.id
        RETURNING {{Columns}}
        """;

    private const string RemoveSql = $$"""
        WITH given AS MATERIALIZED (SELECT id FROM accounts WHERE solder_modpacks @> ARRAY[$1] AND solder_modpacks <> '{}' ORDER BY id FOR UPDATE)
        UPDATE accounts a SET solder_modpacks = array_remove(a.solder_modpacks, $1), revision = a.revision + 1 FROM given WHERE a.id = given.id
        RETURNING {{Columns}}
        """;

    private const string Columns = "a.id, a.username, a.display_name, a.image, a.role, a.plan, a.minecraft_name, a.minecraft_uuid, a.revision";

    // One at a time: of two that replicas have in hand, the second must see the first.
    private const string LockSql = "SELECT pg_advisory_xact_lock(hashtextextended('solder renames', 0))";

    private const string NoteSql = "INSERT INTO solder_renames (event_id, pack_id, revision, slug) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    private const string NewestSql = "SELECT slug FROM solder_renames WHERE pack_id = $1 AND revision > $2 ORDER BY revision DESC LIMIT 1";

    private const string TokensSql = "UPDATE api_tokens SET packs = array_replace(packs, $1, $2) WHERE packs @> ARRAY[$1] RETURNING id, account_id";

    public Task ConsumeAsync(SolderModpackRenamed renamed, CancellationToken cancellationToken) => db.InTransactionAsync(
        async connection =>
        {
            await connection.ExecuteAsync(LockSql, cancellationToken);
            if (await connection.ExecuteAsync(NoteSql, cancellationToken, renamed.EventId, renamed.PackId, renamed.Revision, renamed.NewSlug) == 0) return false; // it came before
            var slug = await connection.ScalarAsync<string>(NewestSql, cancellationToken, renamed.PackId, renamed.Revision) ?? renamed.NewSlug;
            if (slug == renamed.OldSlug) return false; // a newer one that overtook it leads back
            await TellAsync(connection, await connection.ListAsync(RenameSql, Account.Read, cancellationToken, renamed.OldSlug, slug), cancellationToken);
            foreach (var (id, account) in await connection.ListAsync(TokensSql, row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken, renamed.OldSlug, slug))
            {
                // The gateways ask anew which packs it may touch.
                var now = clock.GetUtcNow();
                await connection.PublishAsync(Account.EventEntity(account), new TokenRevoked(Guid.CreateVersion7(now), now, id, account), cancellationToken);
            }

            return true;
        },
        cancellationToken);

    public Task ConsumeAsync(PackRemoved removed, CancellationToken cancellationToken) => removed.RenamedTo is not null ? Task.CompletedTask : db.InTransactionAsync(
        async connection =>
        {
            await TellAsync(connection, await connection.ListAsync(RemoveSql, Account.Read, cancellationToken, removed.Slug), cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task TellAsync(NpgsqlConnection connection, List<Account> accounts, CancellationToken stop)
    {
        foreach (var account in accounts) await connection.PublishAsync(Account.EventEntity(account.Id), account.ToChanged(clock.GetUtcNow()), stop);
    }
}
