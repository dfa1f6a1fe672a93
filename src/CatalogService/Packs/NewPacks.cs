using Npgsql;
using PackRelay.CatalogService.Accounts;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

internal enum NewPackOutcome
{
    Added,
    SlugTaken,
    QuotaExceeded,
}

/// <summary>Makes a pack true: its row and its event, within what the owner's plan allows.</summary>
internal sealed class NewPacks(NpgsqlDataSource db, TimeProvider clock)
{
    private const string InsertSql = $"""
        WITH p AS (
            INSERT INTO packs (id, slug, owner_id, publisher_name, name, summary, description, tags, cover_image, game, visibility, created_at, active_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
            ON CONFLICT (slug) DO NOTHING
            RETURNING *)
        SELECT {CatalogPack.Columns} FROM p
        """;

    private const string IsOverSql = "SELECT count(*) >= $2 FROM packs WHERE owner_id = $1 AND visibility <> 'deleted'";

    public Task<(NewPackOutcome Outcome, CatalogPack? Pack)> AddAsync(CreatePack.Request request, Caller caller, int limit, CancellationToken stop) =>
        db.InTransactionAsync<(NewPackOutcome, CatalogPack?)>(
            async connection =>
            {
                var publisherName = await AccountQueries.LockAsync(connection, caller, stop);
                if (await connection.ScalarAsync<bool>(IsOverSql, stop, caller.AccountId, limit)) return (NewPackOutcome.QuotaExceeded, null);

                var now = clock.GetUtcNow();
                var visibility = request.Visibility ?? PackVisibility.Public;
                var pack = await connection.FirstAsync(
                    InsertSql, CatalogPack.Read, stop,
                    Guid.CreateVersion7(now), request.Slug, caller.AccountId, publisherName, request.Name, request.Summary, request.Description,
                    request.Tags?.ToArray() ?? [], request.CoverImage, request.Game, visibility, now);
                if (pack is null) return (NewPackOutcome.SlugTaken, null);

                var created = new PackChanged(
                    Guid.CreateVersion7(now), now, pack.Slug, Revision: 1, Created: true, caller.AccountId, pack.Name, pack.Game, visibility, LatestVersion: null);
                await connection.PublishAsync(PackEntity.Of(pack.Slug), created, stop);
                return (NewPackOutcome.Added, pack);
            },
            stop);
}
