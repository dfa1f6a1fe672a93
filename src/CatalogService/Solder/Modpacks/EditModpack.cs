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

    // A deleted pack keeps its slug for its owner, to come back to it. One without versions gives it up when another of the owner's packs is to be called so: nobody
    // calls it anything any more, and its id does for a slug.
    private const string GiveUpSql = """
        UPDATE packs p SET slug = p.id::text WHERE p.slug = $1 AND p.visibility = 'deleted' AND p.owner_id = $2
           AND NOT EXISTS (SELECT FROM pack_versions v WHERE v.pack_id = p.id) AND NOT EXISTS (SELECT FROM held_versions h WHERE h.pack_id = p.id)
        RETURNING p.revision
        """;

    private const string KeptSql = "SELECT EXISTS (SELECT FROM packs WHERE slug = $1 AND visibility = 'deleted' AND owner_id = $2)";

    // What was told of the slug goes on where it stopped.
    private const string GoOnSql = "UPDATE packs SET revision = greatest(revision, $2) WHERE id = $1";

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
        var wanted = Read(form, modpack);
        await names.CheckAsync(form, wanted.Name == modpack.Name ? null : wanted.Name, wanted.Slug == slug ? null : wanted.Slug, modpack.Id, modpack.OwnerId, stop);
        if (form.IsInvalid(out var invalid)) return invalid;
        try
        {
            (var changed, refusal) = await db.InTransactionAsync(connection => ChangeAsync(connection, modpack.Id, form, caller, clock.GetUtcNow(), stop), stop);
            if (changed is null) return refusal!;
            var (after, _) = await modpacks.FindAsync(changed.Slug, caller, SolderFlags.ModpacksManage, stop);
            return TypedResults.Ok(ModpackRecord.Of(after ?? changed, links)); // access by the old slug follows within a second
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return SolderError.Invalid("slug", "The slug has already been taken."); // somebody was faster
        }
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
            IsMarkedHidden = isHidden,
            Order = form.Whole("order", int.MinValue, int.MaxValue) ?? old.Order,
            Recommended = form.Has("recommended") ? form.Line("recommended") : old.Recommended,
            Latest = form.Has("latest") ? form.Line("latest") : old.Latest,
        };
    }

    /// <summary>Changes what was sent; what another request has changed meanwhile stays as that made it.</summary>
    private static async Task<(Modpack? Changed, SolderError? Refusal)> ChangeAsync(
        NpgsqlConnection connection, Guid packId, SolderForm form, Caller caller, DateTimeOffset now, CancellationToken stop)
    {
        if (await ModpackQueries.LockAsync(connection, packId, caller, stop) is not { } old) return (null, SolderError.NotFound("Modpack not found."));
        var changed = Read(form, old);
        if (changed.Name != old.Name && !await ModpackNames.TakeAsync(connection, changed.Name, packId, stop)) return (null, SolderError.Invalid("name", "The name has already been taken."));
        if (changed.Slug != old.Slug && await TakeSlugAsync(connection, old, changed.Slug, stop) is { } refusal) return (null, refusal);
        await connection.ExecuteAsync(PageSql, stop, packId, changed.Name, changed.Slug, changed.Visibility);
        await connection.ExecuteAsync(SetSql, stop, packId, changed.Url, changed.IsMarkedHidden, changed.Order, changed.Recommended, changed.Latest, now);
        if (changed.Slug != old.Slug) await RenameAsync(connection, old, changed.Slug, now, stop);
        await connection.AnnounceChangeAsync(packId, now, stop);
        return (changed, null);
    }

    /// <summary>Null when the modpack may be called so, as far as it and deleted packs of its owner go.</summary>
    private static async Task<SolderError?> TakeSlugAsync(NpgsqlConnection connection, Modpack old, string slug, CancellationToken stop)
    {
        if (await connection.ScalarAsync<bool>(IsSignedSql, stop, old.Id)) return SolderError.Invalid("slug", "The slug field is prohibited: signed versions carry it.");
        var revision = await connection.ScalarAsync<long>(GiveUpSql, stop, slug, old.OwnerId);
        if (revision > 0) await connection.ExecuteAsync(GoOnSql, stop, old.Id, revision);
        return revision == 0 && await connection.ScalarAsync<bool>(KeptSql, stop, slug, old.OwnerId)
            ? SolderError.Invalid("slug", "The slug field is prohibited: signed versions of a deleted modpack carry it.")
            : null;
    }

    /// <summary>To those who know packs by their slugs the old one is gone, and the new one is another.</summary>
    private static async Task RenameAsync(NpgsqlConnection connection, Modpack old, string slug, DateTimeOffset now, CancellationToken stop)
    {
        var revision = await connection.ScalarAsync<long>(RevisionSql, stop, old.Id);
        await connection.PublishAsync(SolderModpackRenamed.Entity, new SolderModpackRenamed(Guid.CreateVersion7(now), now, old.Slug, slug, old.Id, revision), stop);
        await connection.PublishAsync(PackEntity.Of(old.Slug), new PackRemoved(Guid.CreateVersion7(now), now, old.Slug, revision, old.OwnerId, old.Name, RenamedTo: slug), stop);
    }
}
