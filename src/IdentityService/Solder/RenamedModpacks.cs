using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Solder;

/// <summary>
/// Accounts and tokens name modpacks by their slugs: they follow when one is renamed, and let go of one that is deleted, so that nobody has access to what is called so later.
/// Each change is told as any other of the account. Doing so twice changes nothing.
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

    private const string TokensSql = "UPDATE api_tokens SET packs = array_replace(packs, $1, $2) WHERE packs @> ARRAY[$1] RETURNING id, account_id";

    public Task ConsumeAsync(SolderModpackRenamed renamed, CancellationToken cancellationToken) => db.InTransactionAsync(
        async connection =>
        {
            await TellAsync(connection, await connection.ListAsync(RenameSql, Account.Read, cancellationToken, renamed.OldSlug, renamed.NewSlug), cancellationToken);
            foreach (var (id, account) in await connection.ListAsync(TokensSql, row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken, renamed.OldSlug, renamed.NewSlug))
            {
                // The gateways ask anew which packs it may touch.
                var now = clock.GetUtcNow();
                await connection.PublishAsync(Account.EventEntity(account), new TokenRevoked(Guid.CreateVersion7(now), now, id, account), cancellationToken);
            }

            return true;
        },
        cancellationToken);

    public Task ConsumeAsync(PackRemoved removed, CancellationToken cancellationToken) => db.InTransactionAsync(
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
