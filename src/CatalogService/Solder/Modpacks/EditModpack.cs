using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>
/// <c>PUT /api/modpack/{slug}</c>: what is sent is changed; needs the flag <c>modpacks_manage</c> and access to the modpack. 404 <c>Modpack not found.</c> A slug changes only as long as
/// no version is signed: manifests carry it. Whoever had access keeps it.
/// </summary>
internal static class EditModpack
{
    private const string PageSql = "UPDATE packs SET name = $2, slug = $3, visibility = $4 WHERE id = $1";

    private const string SetSql = """
        INSERT INTO solder_packs (pack_id, url, is_hidden, sort_order, recommended, latest, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (pack_id) DO UPDATE SET url = EXCLUDED.url, is_hidden = EXCLUDED.is_hidden, sort_order = EXCLUDED.sort_order, recommended = EXCLUDED.recommended,
               latest = EXCLUDED.latest, updated_at = EXCLUDED.updated_at
        """;

    private const string IsSignedSql = """
        SELECT EXISTS (SELECT FROM pack_versions WHERE pack_id = $1) OR EXISTS (SELECT FROM held_versions WHERE pack_id = $1)
        """;

    private const string RevisionSql = "SELECT revision + 1 FROM packs WHERE id = $1";

    /// <summary>What is to change of a modpack.</summary>
    /// <param name="Name">Its display name: one line, unique, 1 to 200 characters.</param>
    /// <param name="Slug">Its slug: letters, digits, dashes and underscores, unique, 1 to 64 characters.</param>
    /// <param name="Url">Its website; null clears it.</param>
    /// <param name="Hidden">Whether lists leave it out.</param>
    /// <param name="Private">Whether only those with access see it.</param>
    /// <param name="Order">Its place in the order of Solder's web pages.</param>
    /// <param name="Recommended">The build that is recommended; it need not exist. At most 255 characters; null clears it.</param>
    /// <param name="Latest">The latest build; it need not exist. At most 255 characters; null clears it.</param>
    public sealed record ModpackChange(
        string? Name = null, string? Slug = null, string? Url = null, bool? Hidden = null, bool? Private = null, long? Order = null, string? Recommended = null, string? Latest = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPut("/modpack/{slug}", HandleAsync).WithName(nameof(EditModpack)).Produces<ModpackRecord>();

    private static async Task<IResult> HandleAsync(
        string slug, SolderBody<ModpackChange> body, Caller caller, ModpackQueries modpacks, ModpackNames names, SolderLinks links, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (modpack is null) return refusal!;
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var changed = Read(form, modpack);
        await names.CheckAsync(form, changed.Name == modpack.Name ? null : changed.Name, changed.Slug == slug ? null : changed.Slug, modpack.Id, modpack.OwnerId, stop);
        if (changed.Slug != slug && await db.ScalarAsync<bool>(IsSignedSql, stop, modpack.Id)) form.Add("slug", "The slug field is prohibited: signed versions carry it.");
        if (form.IsInvalid(out var invalid)) return invalid;
        try
        {
            var isChanged = await db.InTransactionAsync(connection => ChangeAsync(connection, modpack, changed, clock.GetUtcNow(), stop), stop);
            if (isChanged is null) return SolderError.NotFound("Modpack not found.");
            if (isChanged == false) return SolderError.Invalid("name", "The name has already been taken.");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return SolderError.Invalid("slug", "The slug has already been taken."); // somebody was faster
        }

        var (after, _) = await modpacks.FindAsync(changed.Slug, caller, SolderFlags.ModpacksManage, stop);
        return TypedResults.Ok(ModpackRecord.Of(after ?? changed, links)); // access by the old slug follows within a second
    }

    private static Modpack Read(SolderForm form, Modpack old)
    {
        var isPrivate = form.Flag("private") ?? old.IsPrivate;
        var isHidden = form.Flag("hidden") ?? old.IsHidden;
        return old with
        {
            Name = (form.Has("name") ? ModpackNames.Name(form) : null) ?? old.Name,
            Slug = (form.Has("slug") ? form.Slug("slug", required: true) : null) ?? old.Slug,
            Url = form.Has("url") ? form.Url("url") : old.Url,
            Visibility = Modpack.VisibilityOf(isHidden, isPrivate),
            WasHidden = isHidden,
            Order = form.Whole("order", int.MinValue, int.MaxValue) ?? old.Order,
            Recommended = form.Has("recommended") ? form.Line("recommended") : old.Recommended,
            Latest = form.Has("latest") ? form.Line("latest") : old.Latest,
        };
    }

    /// <summary>Null: the modpack is gone; false: the name is taken.</summary>
    private static async Task<bool?> ChangeAsync(NpgsqlConnection connection, Modpack old, Modpack changed, DateTimeOffset now, CancellationToken stop)
    {
        if (!await ModpackQueries.LockAsync(connection, old.Id, stop)) return null;
        if (changed.Name != old.Name && !await ModpackNames.TakeAsync(connection, changed.Name, old.Id, stop)) return false;
        await connection.ExecuteAsync(PageSql, stop, old.Id, changed.Name, changed.Slug, changed.Visibility);
        await connection.ExecuteAsync(SetSql, stop, old.Id, changed.Url, changed.WasHidden, changed.Order, changed.Recommended, changed.Latest, now);
        if (changed.Slug != old.Slug) await RenameAsync(connection, old, changed.Slug, now, stop);
        await connection.AnnounceChangeAsync(old.Id, now, stop);
        return true;
    }

    /// <summary>To those who know packs by their slugs the old one is gone, and the new one is another.</summary>
    private static async Task RenameAsync(NpgsqlConnection connection, Modpack old, string slug, DateTimeOffset now, CancellationToken stop)
    {
        await connection.PublishAsync(PackEntity.Of(old.Slug), new SolderModpackRenamed(Guid.CreateVersion7(now), now, old.Slug, slug), stop);
        var revision = await connection.ScalarAsync<long>(RevisionSql, stop, old.Id);
        await connection.PublishAsync(PackEntity.Of(old.Slug), new PackRemoved(Guid.CreateVersion7(now), now, old.Slug, revision, old.OwnerId, old.Name), stop);
    }
}
