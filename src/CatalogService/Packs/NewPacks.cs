using Npgsql;
using PackRelay.CatalogService.Accounts;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>Makes a pack true: its row and its event, within what the owner's plan allows.</summary>
internal sealed class NewPacks(NpgsqlDataSource db, TimeProvider clock)
{
    // A deleted pack comes back to its owner: with a new page, and with its versions, which stay withdrawn until the owner restores them.
    // Their bytes were for one game, so the pack stays with it.
    private const string InsertSql = """
        INSERT INTO packs AS p (id, slug, owner_id, publisher_name, name, summary, description, tags, cover_image, game, visibility, created_at, active_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        ON CONFLICT (slug) DO UPDATE SET publisher_name = EXCLUDED.publisher_name, name = EXCLUDED.name, summary = EXCLUDED.summary,
               description = EXCLUDED.description, tags = EXCLUDED.tags, cover_image = EXCLUDED.cover_image, game = EXCLUDED.game,
               visibility = EXCLUDED.visibility, created_at = EXCLUDED.created_at, active_at = EXCLUDED.active_at, revision = p.revision + 1, number = DEFAULT
         WHERE p.visibility = 'deleted' AND p.owner_id = EXCLUDED.owner_id
           AND (p.game = EXCLUDED.game OR NOT EXISTS (SELECT FROM pack_versions v WHERE v.pack_id = p.id))
        RETURNING p.revision, p.id
        """;

    private const string GameSql = "SELECT game FROM packs WHERE slug = $1 AND owner_id = $2 AND visibility = 'deleted'";

    private const string KeptGameSql = $"{GameSql} AND EXISTS (SELECT FROM pack_versions v WHERE v.pack_id = packs.id)";

    private const string CountSql = "SELECT count(*) FROM packs WHERE owner_id = $1 AND visibility <> 'deleted'";

    /// <summary>The game that a deleted pack of the caller's stays with when it comes back under this slug; null when it may have any.</summary>
    public Task<string?> KeptGameAsync(string slug, Caller caller, CancellationToken stop) => db.ScalarAsync<string>(KeptGameSql, stop, slug, caller.AccountId);

    /// <summary>Whether the account, which must be locked, has no room for one more pack.</summary>
    public static async Task<bool> IsOverAsync(NpgsqlConnection connection, Caller caller, int limit, CancellationToken stop) =>
        await connection.ScalarAsync<long>(CountSql, stop, caller.AccountId) >= limit;

    /// <summary>How many packs an account owns, as its plan counts them.</summary>
    public Task<long> CountAsync(Guid accountId, CancellationToken stop) => db.ScalarAsync<long>(CountSql, stop, accountId);

    /// <summary>Null once the pack is there; else why it is not.</summary>
    /// <param name="request">Its page.</param>
    /// <param name="caller">Its owner.</param>
    /// <param name="limit">How many packs the owner's plan allows.</param>
    /// <param name="stop">Gives up.</param>
    public Task<ApiError?> AddAsync(CreatePack.Request request, Caller caller, int limit, CancellationToken stop) =>
        AddAsync(_ => Task.FromResult(request), caller, limit, (_, _) => Task.CompletedTask, stop);

    /// <summary>The same with a page that is read in the transaction.</summary>
    /// <param name="read">Its page; asked once the account is locked.</param>
    /// <param name="caller">Its owner.</param>
    /// <param name="limit">How many packs the owner's plan allows.</param>
    /// <param name="also">What else becomes true in the same transaction, given the pack's id.</param>
    /// <param name="stop">Gives up.</param>
    public Task<ApiError?> AddAsync(
        Func<NpgsqlConnection, Task<CreatePack.Request>> read, Caller caller, int limit, Func<NpgsqlConnection, Guid, Task> also, CancellationToken stop) =>
        db.InTransactionAsync<ApiError?>(
            async connection =>
            {
                var publisherName = await AccountQueries.LockAsync(connection, caller, stop);
                if (await IsOverAsync(connection, caller, limit, stop)) return PlanErrors.Exceeded(caller, "packs", limit);

                var request = await read(connection);
                var now = clock.GetUtcNow();
                var visibility = request.Visibility ?? PackVisibility.Public;
                var (revision, packId) = await connection.FirstAsync(
                    InsertSql, row => (row.GetInt64(0), row.GetGuid(1)), stop,
                    Guid.CreateVersion7(now), request.Slug, caller.AccountId, publisherName, request.Name, request.Summary, request.Description,
                    request.Tags?.ToArray() ?? [], request.CoverImage, request.Game, visibility, now);
                if (revision == 0) return await RefusalAsync(connection, request.Slug, caller, stop);

                var created = new PackChanged(
                    Guid.CreateVersion7(now), now, request.Slug, revision, Created: true, caller.AccountId, request.Name, request.Game, visibility, LatestVersion: null);
                await connection.PublishAsync(PackEntity.Of(request.Slug), created, stop);
                await also(connection, packId);
                return null;
            },
            stop);

    private static async Task<ApiError> RefusalAsync(NpgsqlConnection connection, string slug, Caller caller, CancellationToken stop) =>
        await connection.ScalarAsync<string>(GameSql, stop, slug, caller.AccountId) is { } game
            ? ApiError.Invalid("game", $"'{slug}' had versions for {game} before it was deleted, and stays with it")
            : ApiError.Conflict(PackErrors.SlugTaken, $"slug: '{slug}' is taken");
}
