using Npgsql;
using PackRelay.CatalogService.Accounts;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

internal enum NewServerOutcome
{
    Added,
    SlugTaken,
    QuotaExceeded,
}

internal sealed class NewServers(NpgsqlDataSource db, TimeProvider clock)
{
    private const string CountSql = "SELECT count(*) FROM servers WHERE owner_id = $1";

    // The row of live state comes with the server: whoever learns of a heartbeat only ever updates it.
    private const string InsertSql = """
        WITH added AS (
            INSERT INTO servers (id, slug, owner_id, name, summary, description, region, game, connect_address, discord_url, website_url, tags, max_players, created_at, show_players)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT (slug) DO NOTHING
            RETURNING id)
        INSERT INTO server_live (server_id) SELECT id FROM added
        """;

    private const string IsReservedSql = "SELECT true FROM deleted_servers WHERE slug = $1 AND owner_id <> $2";

    private const string TakeBackSql = "DELETE FROM servers WHERE id = $1";

    /// <summary>How many servers an account owns, as its plan counts them.</summary>
    public Task<long> CountAsync(Guid accountId, CancellationToken stop) => db.ScalarAsync<long>(CountSql, stop, accountId);

    public Task<NewServerOutcome> AddAsync(CreateServer.Request request, Caller caller, int limit, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                await AccountQueries.LockAsync(connection, caller, stop);
                if (await connection.ScalarAsync<long>(CountSql, stop, caller.AccountId) >= limit) return NewServerOutcome.QuotaExceeded;

                var now = clock.GetUtcNow();
                var id = Guid.CreateVersion7(now);
                var added = await connection.ExecuteAsync(
                    InsertSql, stop,
                    id, request.Slug, caller.AccountId, request.Name, request.Summary, request.Description, request.Region, request.Game, request.ConnectAddress,
                    request.DiscordUrl, request.WebsiteUrl, request.Tags?.ToArray() ?? [], request.MaxPlayers ?? 0, now,
                    request.ShowPlayers ?? false);
                if (added == 0 || await IsReservedAsync(connection, id, request.Slug, caller, stop)) return NewServerOutcome.SlugTaken;
                await connection.PublishAsync(ServerState.Entity(id), await ServerState.ReadAsync(connection, id, ServerChange.Created, now, stop), stop);
                return NewServerOutcome.Added;
            },
            stop);

    /// <summary>Whether another account had a server of this slug. Asked behind the insert, which waits for a removal that is under way.</summary>
    private static async Task<bool> IsReservedAsync(NpgsqlConnection connection, Guid id, string slug, Caller caller, CancellationToken stop)
    {
        if (!await connection.ScalarAsync<bool>(IsReservedSql, stop, slug, caller.AccountId)) return false;
        await connection.ExecuteAsync(TakeBackSql, stop, id);
        return true;
    }
}
