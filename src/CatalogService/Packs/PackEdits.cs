using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>Changes pages of packs. A request that changes nothing is told to nobody.</summary>
internal sealed class PackEdits(NpgsqlDataSource db, TimeProvider clock)
{
    private const string LockSql = """
        SELECT name, summary, description, tags, cover_image, game, visibility, is_featured FROM packs WHERE id = $1 AND visibility <> 'deleted' FOR UPDATE
        """;

    private const string SetSql = """
        UPDATE packs SET name = $2, summary = $3, description = $4, tags = $5, cover_image = $6, game = $7, visibility = $8, is_featured = $9 WHERE id = $1
        """;

    private const string HasVersionsSql = "SELECT EXISTS (SELECT FROM pack_versions WHERE pack_id = $1)";

    /// <summary>Null once the change is made; else why it is not.</summary>
    public Task<ApiError?> ApplyAsync(PackFacts pack, EditPack.Request change, CancellationToken stop) =>
        db.InTransactionAsync<ApiError?>(
            async connection =>
            {
                if (await connection.FirstAsync(LockSql, Read, stop, pack.Id) is not { } old) return PackErrors.NotFound(pack.Slug);
                var page = new Page(
                    change.Name.Or(old.Name)!, change.Summary.Or(old.Summary), change.Description.Or(old.Description), [.. change.Tags.Or(old.Tags) ?? []],
                    change.CoverImage.Or(old.CoverImage), change.Game.Or(old.Game)!, change.Visibility.Or(old.Visibility)!, change.IsFeatured.Or(old.IsFeatured)!.Value);
                if (page with { Tags = old.Tags } == old && page.Tags.SequenceEqual(old.Tags, StringComparer.Ordinal)) return null;
                if (page.Game != old.Game && await connection.ScalarAsync<bool>(HasVersionsSql, stop, pack.Id))
                    return ApiError.Invalid("game", $"stays {old.Game} now that versions are published");

                await connection.ExecuteAsync(
                    SetSql, stop,
                    pack.Id, page.Name, page.Summary, page.Description, page.Tags, page.CoverImage, page.Game, page.Visibility, page.IsFeatured);
                await connection.AnnounceChangeAsync(pack.Id, clock.GetUtcNow(), stop);
                return null;
            },
            stop);

    private static Page Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetNullable<string>(1), row.GetNullable<string>(2), row.GetFieldValue<string[]>(3), row.GetNullable<string>(4),
        row.GetString(5), row.GetString(6), row.GetBoolean(7));

    private sealed record Page(
        string Name, string? Summary, string? Description, string[] Tags, string? CoverImage, string Game, string Visibility, bool IsFeatured);
}
