using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary>Changes pages of servers, and takes them away. A request that changes nothing is told to nobody.</summary>
internal sealed class ServerEdits(NpgsqlDataSource db, TimeProvider clock)
{
    private const string LockSql = """
        SELECT name, region, game, summary, description, connect_address, max_players, tags, discord_url, website_url, show_players FROM servers WHERE id = $1 FOR UPDATE
        """;

    private const string SetSql = """
        UPDATE servers SET name = $2, region = $3, game = $4, summary = $5, description = $6, connect_address = $7, max_players = $8, tags = $9,
               discord_url = $10, website_url = $11, show_players = $12, revision = revision + 1
         WHERE id = $1
        """;

    private const string RemoveSql = """
        WITH gone AS (DELETE FROM servers WHERE id = $1 RETURNING slug, owner_id, revision, name),
        kept AS (
            INSERT INTO deleted_servers (slug, owner_id, deleted_at) SELECT slug, owner_id, $2 FROM gone
            ON CONFLICT (slug) DO UPDATE SET owner_id = EXCLUDED.owner_id, deleted_at = EXCLUDED.deleted_at)
        SELECT revision + 1, name FROM gone
        """;

    public Task ApplyAsync(ServerFacts server, EditServer.Request change, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                if (await connection.FirstAsync(LockSql, Read, stop, server.Id) is not { } old) return false; // deleted meanwhile
                var page = new Page(
                    change.Name.Or(old.Name)!, change.Region.Or(old.Region)!, change.Game.Or(old.Game)!, change.Summary.Or(old.Summary),
                    change.Description.Or(old.Description), change.ConnectAddress.Or(old.ConnectAddress), change.MaxPlayers.Or(old.MaxPlayers) ?? 0,
                    [.. change.Tags.Or(old.Tags) ?? []], change.DiscordUrl.Or(old.DiscordUrl), change.WebsiteUrl.Or(old.WebsiteUrl),
                    change.ShowPlayers.Or(old.ShowPlayers) ?? false);
                if (page with { Tags = old.Tags } == old && page.Tags.SequenceEqual(old.Tags, StringComparer.Ordinal)) return false;
                await connection.ExecuteAsync(
                    SetSql, stop,
                    server.Id, page.Name, page.Region, page.Game, page.Summary, page.Description, page.ConnectAddress, page.MaxPlayers, page.Tags,
                    page.DiscordUrl, page.WebsiteUrl, page.ShowPlayers);
                var now = clock.GetUtcNow();
                await connection.PublishAsync(ServerState.Entity(server.Id), await ServerState.ReadAsync(connection, server.Id, ServerChange.Updated, now, stop), stop);
                return true;
            },
            stop);

    /// <summary>False when somebody else was faster.</summary>
    public Task<bool> RemoveAsync(ServerFacts server, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                var now = clock.GetUtcNow();
                var (revision, name) = await connection.FirstAsync(RemoveSql, row => (row.GetInt64(0), row.GetString(1)), stop, server.Id, now);
                if (revision == 0) return false;
                var removed = new ServerRemoved(Guid.CreateVersion7(now), now, server.Id, server.Slug, revision, server.OwnerId, name);
                await connection.PublishAsync(ServerState.Entity(server.Id), removed, stop);
                await connection.AuditAsync(
                    actor.Did(AuditActions.ServerDeleted, $"server:{server.Slug}", now, actor.Caller.AccountId == server.OwnerId ? null : server.OwnerId), stop);
                return true;
            },
            stop);

    private static Page Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetNullable<string>(3), row.GetNullable<string>(4), row.GetNullable<string>(5),
        row.GetInt32(6), row.GetFieldValue<string[]>(7), row.GetNullable<string>(8), row.GetNullable<string>(9),
        row.GetBoolean(10));

    private sealed record Page(
        string Name, string Region, string Game, string? Summary, string? Description, string? ConnectAddress, int? MaxPlayers, string[] Tags,
        string? DiscordUrl, string? WebsiteUrl, bool ShowPlayers);
}
