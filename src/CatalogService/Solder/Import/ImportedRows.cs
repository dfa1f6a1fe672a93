using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Solder.Builds;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Solder.Import;

/// <summary>Writes what was read of another Solder. Each build is one transaction; writing the same again changes nothing and tells nobody.</summary>
internal sealed class ImportedRows(NpgsqlDataSource db, ModpackQueries modpacks, NewPacks packs, TimeProvider clock)
{
    private const string OwnerSql = "SELECT id, username, display_name, plan FROM accounts WHERE username = $1 ORDER BY revision DESC LIMIT 1";

    private const string NameTakenSql = "SELECT EXISTS (SELECT FROM packs WHERE name = $1 AND visibility <> 'deleted' AND slug <> $2)";

    private const string PageSql = "UPDATE packs SET name = $2, visibility = $3 WHERE id = $1 AND (name, visibility) IS DISTINCT FROM ($2, $3)";

    private const string SetSql = """
        INSERT INTO solder_packs AS s (pack_id, url, is_hidden, recommended, latest, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (pack_id) DO UPDATE SET url = EXCLUDED.url, is_hidden = EXCLUDED.is_hidden, recommended = EXCLUDED.recommended, latest = EXCLUDED.latest, updated_at = EXCLUDED.updated_at
         WHERE (s.url, s.is_hidden, s.recommended, s.latest) IS DISTINCT FROM (EXCLUDED.url, EXCLUDED.is_hidden, EXCLUDED.recommended, EXCLUDED.latest)
        """;

    private const string BuildSql = $"""
        INSERT INTO solder_builds AS b (pack_id, version, minecraft, forge, is_published, is_private, min_java, min_memory, created_at, updated_at)
        SELECT $1, $2, $3, $4, true, $5, $6, $7, $8, $8 WHERE {BuildQueries.IsFreeSql}
        ON CONFLICT (pack_id, version) DO UPDATE SET minecraft = EXCLUDED.minecraft, forge = EXCLUDED.forge, is_published = true, is_private = EXCLUDED.is_private, min_java = EXCLUDED.min_java,
               min_memory = EXCLUDED.min_memory, updated_at = EXCLUDED.updated_at
         WHERE (b.minecraft, b.forge, b.is_published, b.is_private, b.min_java, b.min_memory)
               IS DISTINCT FROM (EXCLUDED.minecraft, EXCLUDED.forge, true, EXCLUDED.is_private, EXCLUDED.min_java, EXCLUDED.min_memory)
        """;

    private const string BuildIdSql = "SELECT id FROM solder_builds WHERE pack_id = $1 AND version = $2";

    // In the order of names, so that two imports cannot wait for each other. What somebody wrote here of a mod stays.
    private const string ModsSql = """
        INSERT INTO solder_mods (name, pretty_name, author, description, link, created_at, updated_at)
        SELECT n, p, a, d, l, $6, $6 FROM unnest($1, $2, $3, $4, $5) AS mods (n, p, a, d, l) ORDER BY n ON CONFLICT DO NOTHING
        """;

    private const string VersionsSql = """
        INSERT INTO solder_mod_versions AS v (mod_id, version, md5, filesize, url, created_at, updated_at)
        SELECT m.id, w.version, w.md5, w.filesize, w.url, $6, $6 FROM unnest($1, $2, $3, $4, $5) AS w (name, version, md5, filesize, url) JOIN solder_mods m ON m.name = w.name ORDER BY m.id, w.version
        ON CONFLICT (mod_id, version) DO UPDATE SET md5 = EXCLUDED.md5, filesize = EXCLUDED.filesize, url = EXCLUDED.url, updated_at = EXCLUDED.updated_at
         WHERE v.sha256 IS NULL AND (v.md5, v.filesize, v.url) IS DISTINCT FROM (EXCLUDED.md5, EXCLUDED.filesize, EXCLUDED.url)
        """;

    private const string ModsOfBuildSql = """
        WITH wanted AS (
            SELECT v.mod_id, v.id FROM unnest($2, $3) AS w (name, version) JOIN solder_mods m ON m.name = w.name JOIN solder_mod_versions v ON v.mod_id = m.id AND v.version = w.version),
        gone AS (
            DELETE FROM solder_build_mods b WHERE b.build_id = $1 AND b.mod_id NOT IN (SELECT mod_id FROM wanted) RETURNING 1),
        put AS (
            INSERT INTO solder_build_mods AS b (build_id, mod_id, mod_version_id) SELECT $1, mod_id, id FROM wanted
            ON CONFLICT (build_id, mod_id) DO UPDATE SET mod_version_id = EXCLUDED.mod_version_id WHERE b.mod_version_id <> EXCLUDED.mod_version_id RETURNING 1)
        SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put)
        """;

    private const string DoneSql = "INSERT INTO solder_import_builds (source, pack, version) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    private const string ListDoneSql = "SELECT version FROM solder_import_builds WHERE source = $1 AND pack = $2";

    private const string ForgetSql = "DELETE FROM solder_import_builds WHERE source = $1";

    /// <summary>The account that is to own the modpacks; null when the hub does not know it.</summary>
    public Task<Caller?> FindOwnerAsync(string username, CancellationToken stop) => db.FirstAsync(
        OwnerSql,
        row => new Caller
        {
            AccountId = row.GetGuid(0), Username = row.GetString(1), DisplayName = row.GetString(2), Plan = row.GetString(3), Credential = CredentialKind.Session,
            Solder = SolderGrants.None with { Flags = [SolderFlags.Full] },
        },
        stop, username);

    /// <summary>A modpack of this slug, whoever owns it.</summary>
    public Task<Modpack?> FindAsync(string slug, Caller owner, CancellationToken stop) => modpacks.FindAsync(slug, owner, stop);

    /// <summary>Makes a modpack or brings its page up to date; null when its slug is taken.</summary>
    public async Task<Modpack?> WriteAsync(NewModpack wanted, Caller owner, string game, CancellationToken stop)
    {
        if (await db.ScalarAsync<bool>(NameTakenSql, stop, wanted.Name, wanted.Slug)) wanted = wanted with { Name = $"{wanted.Name} ({wanted.Slug})" };
        if (await FindAsync(wanted.Slug, owner, stop) is not { } modpack)
            return await wanted.AddAsync(packs, owner, int.MaxValue, game, stop) is null ? await FindAsync(wanted.Slug, owner, stop) : null;
        if (modpack.OwnerId != owner.AccountId) return null;
        await db.InTransactionAsync(
            async connection =>
            {
                var now = clock.GetUtcNow();
                if (!await ModpackQueries.LockAsync(connection, modpack.Id, stop)) return false;
                var changed = await connection.ExecuteAsync(PageSql, stop, modpack.Id, wanted.Name, Modpack.VisibilityOf(wanted.IsHidden, wanted.IsPrivate))
                    + await connection.ExecuteAsync(SetSql, stop, modpack.Id, wanted.Url, wanted.IsHidden, wanted.Recommended, wanted.Latest, now);
                if (changed > 0) await connection.AnnounceChangeAsync(modpack.Id, now, stop);
                return true;
            },
            stop);
        return modpack;
    }

    /// <summary>Versions that a run before this one has brought and that did not come to its end.</summary>
    public async Task<IReadOnlySet<string>> ListDoneAsync(Uri source, string slug, CancellationToken stop) =>
        (await db.ListAsync(ListDoneSql, row => row.GetString(0), stop, source.AbsoluteUri, slug)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The run is at its end: the next one looks at everything again.</summary>
    public Task FinishAsync(Uri source, CancellationToken stop) => db.ExecuteAsync(ForgetSql, stop, source.AbsoluteUri);

    /// <summary>Writes a build with its mods; whether something was another before, or null when a signed version is called so here.</summary>
    public Task<bool?> WriteAsync(Uri source, Modpack modpack, string version, RemoteBuild build, bool isPrivate, CancellationToken stop) =>
        db.InTransactionAsync<bool?>(
            async connection =>
            {
                var now = clock.GetUtcNow();
                if (!await ModpackQueries.LockAsync(connection, modpack.Id, stop)) return false;
                var mods = Distinct(build.Mods);
                var changed = await WriteAsync(connection, mods, now, stop)
                    + await connection.ExecuteAsync(BuildSql, stop, modpack.Id, version, build.Minecraft, build.Forge, isPrivate, build.Java, build.Memory, now);
                var id = await connection.ScalarAsync<long>(BuildIdSql, stop, modpack.Id, version);
                if (id == 0) return null;
                changed += (int)await connection.ScalarAsync<long>(ModsOfBuildSql, stop, id, Column(mods, mod => mod.Name), Column(mods, mod => mod.Version));
                if (changed > 0) await ModpackQueries.AnnounceBuildsAsync(connection, modpack, now, stop);
                await connection.ExecuteAsync(DoneSql, stop, source.AbsoluteUri, modpack.Slug, version);
                return changed > 0;
            },
            stop);

    /// <summary>Writes versions of mods that stand in no build; whether something was another before.</summary>
    public Task<bool> WriteAsync(IReadOnlyList<RemoteMod> mods, CancellationToken stop) =>
        db.InTransactionAsync(async connection => await WriteAsync(connection, mods, clock.GetUtcNow(), stop) > 0, stop);

    private static async Task<int> WriteAsync(NpgsqlConnection connection, IReadOnlyList<RemoteMod> mods, DateTimeOffset now, CancellationToken stop)
    {
        var names = mods.DistinctBy(mod => mod.Name, StringComparer.Ordinal).ToList();
        var changed = await connection.ExecuteAsync(
            ModsSql, stop, Column(names, mod => mod.Name), Column(names, mod => mod.PrettyName ?? mod.Name), Column(names, mod => mod.Author), Column(names, mod => mod.Description),
            Column(names, mod => mod.Link), now);
        changed += await connection.ExecuteAsync(
            VersionsSql, stop, Column(mods, mod => mod.Name), Column(mods, mod => mod.Version), Column(mods, mod => mod.Md5.ToLowerInvariant()), mods.Select(mod => mod.Filesize).ToArray(),
            Column(mods, mod => mod.Url), now);
        if (changed > 0) await connection.PublishAsync("solder_mods", new SolderModsChanged(Guid.CreateVersion7(now), now), stop);
        return changed;
    }

    /// <summary>One version of each mod, the last that is named.</summary>
    private static List<RemoteMod> Distinct(IReadOnlyList<RemoteMod> mods) => [.. mods.Where(mod => mod.IsGood).Reverse().DistinctBy(mod => mod.Name, StringComparer.Ordinal)];

    private static string?[] Column(IReadOnlyList<RemoteMod> mods, Func<RemoteMod, string?> member) => [.. mods.Select(member)];
}
