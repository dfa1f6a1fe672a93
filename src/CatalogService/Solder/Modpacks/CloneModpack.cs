using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Solder.Builds;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>
/// <c>POST /api/modpack/{slug}/clone</c>: a new modpack with the builds, mods, pictures and marks of another; needs the flags <c>modpacks_create</c> and <c>modpacks_manage</c>, and access to
/// that one. 404 <c>Modpack not found.</c> What is not sent is as it is there. Signed versions stay where they are: they carry the slug.
/// </summary>
internal static partial class CloneModpack
{
    private const string PageSql = """
        UPDATE packs p SET summary = s.summary, description = s.description, tags = s.tags, cover_image = s.cover_image FROM packs s WHERE p.id = $1 AND s.id = $2
        """;

    // A pack that comes back with this may have signed versions of old: no version is twice in a pack. Numbered in the order of those that they are made of; by their versions, which are unique in a modpack, their mods find them.
    // Mods that are being deleted are waited for, and left out. Each mod before its version, in the order of their deletion.
    private const string CopySql = """
        WITH copies AS (
            INSERT INTO solder_builds (pack_id, version, minecraft, forge, is_published, is_private, min_java, min_memory, created_at, updated_at)
            SELECT $1, b.version, b.minecraft, b.forge, b.is_published, b.is_private, b.min_java, b.min_memory, $3, $3 FROM solder_builds b
             WHERE b.pack_id = $2 AND NOT EXISTS (SELECT FROM pack_versions v WHERE v.pack_id = $1 AND v.version = b.version)
               AND NOT EXISTS (SELECT FROM held_versions h WHERE h.pack_id = $1 AND h.version = b.version AND h.status = 'scanning')
             ORDER BY b.id
            RETURNING id, version),
        mods AS (
            INSERT INTO solder_build_mods (build_id, mod_id, mod_version_id)
            SELECT c.id, m.mod_id, m.mod_version_id FROM copies c JOIN solder_builds b ON b.pack_id = $2 AND b.version = c.version JOIN solder_build_mods m ON m.build_id = b.id
              JOIN solder_mods k ON k.id = m.mod_id JOIN solder_mod_versions v ON v.id = m.mod_version_id
             ORDER BY m.mod_id FOR KEY SHARE OF k, v)
        INSERT INTO solder_pack_art (pack_id, kind, sha256, md5) SELECT $1, a.kind, a.sha256, a.md5 FROM solder_pack_art a WHERE a.pack_id = $2
        """;

    /// <summary>A modpack that is made of another.</summary>
    /// <param name="Name">Its display name: one line, unique, 1 to 200 characters.</param>
    /// <param name="Slug">Its slug; made of small letters, digits and dashes.</param>
    /// <param name="Hidden">Whether lists leave it out; without it as the other is.</param>
    public sealed record CloneRequest(string Name, string Slug, bool? Hidden = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/modpack/{slug}/clone", HandleAsync).WithName(nameof(CloneModpack)).Produces<ClonedModpack>(StatusCodes.Status201Created);

    private static async Task<IResult> HandleAsync(
        string slug, SolderBody<CloneRequest> body, Caller caller, ModpackQueries modpacks, BuildQueries builds, ModpackNames names, NewPacks packs, SolderLinks links,
        IOptionsMonitor<PlanOptions> plans, TimeProvider clock, CancellationToken stop)
    {
        var (source, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (source is null) return refusal!;
        if (!caller.MayInSolder(SolderFlags.ModpacksCreate)) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var (name, newSlug) = (ModpackNames.Name(form), Kebab(form.Text("slug")));
        if (newSlug.Length == 0) form.Add("slug", "The slug field is required.");
        if (newSlug.Length > 64) form.Add("slug", "The slug field must not be greater than 64 characters.");
        var isHidden = form.Flag("hidden");
        await names.CheckAsync(form, name, newSlug, Guid.Empty, caller.AccountId, stop);
        if (form.IsInvalid(out var invalid)) return invalid;
        if (!caller.MayTouchPack(newSlug)) return SolderError.Unauthorized();
        var error = await NewModpack.AddAsync(
            packs, newSlug,
            async connection => await ModpackQueries.HoldAsync(connection, source.Id, caller, stop) is { } held // as it is now: it may have become private meanwhile
                ? new NewModpack(name!, newSlug, held.Url, isHidden ?? held.IsHidden, held.IsPrivate, held.Order, held.Recommended, held.Latest)
                : null,
            caller, plans.CurrentValue.Of(caller).Packs, source.Game,
            async (connection, packId) =>
            {
                await connection.ExecuteAsync(PageSql, stop, packId, source.Id);
                await connection.ExecuteAsync(CopySql, stop, packId, source.Id, clock.GetUtcNow());
            },
            stop);
        if (error is not null) return error;
        var made = await modpacks.FindAsync(newSlug, caller, stop);
        return made is null ? SolderError.NotFound("Modpack not found.") : TypedResults.Created((string?)null, ClonedModpack.Of(made, links, await builds.ListAsync(made, stop)));
    }

    /// <summary>Small letters without accents, digits, and single dashes where there were gaps; everything else falls out.</summary>
    private static string Kebab(string? text)
    {
        var plain = string.Concat((text ?? "").Replace("@", "-at-", StringComparison.Ordinal).EnumerateRunes().Where(rune => !PlainLetters.IsMark(rune)).Select(PlainLetters.Of));
        return Gaps().Replace(Others().Replace(plain, ""), "-").Trim('-');
    }

    [GeneratedRegex(@"[^a-z0-9_\s-]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Others();

    [GeneratedRegex(@"[_\s-]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Gaps();
}
