using Npgsql;
using PackRelay.CatalogService.Downloads;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>GET /api/modpack/{slug}/{version}</c>: what a build is made of. 404 <c>Modpack does not exist</c>; 404 <c>Build does not exist</c> also for one that is not published, and for a private
/// one without access. A signed version has one mod: the zip of all its files.
/// </summary>
internal static class GetBuild
{
    private const string FindSql = $"""
        SELECT p.visibility, p.name, reader.is_open, b.is_published, b.is_private, b.id, b.minecraft, b.min_java, b.min_memory, b.forge,
               v.id, v.position, COALESCE(v.game_version, ''), v.total_size_bytes, z.sha256, z.md5, z.size_bytes
          FROM packs p
          LEFT JOIN solder_builds b ON b.pack_id = p.id AND b.version = $7
          LEFT JOIN pack_versions v ON v.pack_id = p.id AND v.version = $7 AND v.withdrawn_at IS NULL
          LEFT JOIN bundles z ON z.version_id = v.id AND z.built_at IS NOT NULL
         CROSS JOIN LATERAL (SELECT {SolderReader.IsOpenSql} AS is_open) reader
         WHERE p.slug = $6 AND p.visibility <> 'deleted'
        """;

    // OFFSET 0 keeps each look-up one by its index. Left to itself the planner reads all mods of the hub for the hundred of a build, until they are very many.
    internal const string ModsSql = """
        SELECT v.id, m.name, v.version, v.md5, v.filesize, v.url, v.sha256 IS NOT NULL, m.pretty_name, m.author, m.description, m.link
          FROM solder_build_mods b
         CROSS JOIN LATERAL (SELECT * FROM solder_mod_versions found WHERE found.id = b.mod_version_id OFFSET 0) v
         CROSS JOIN LATERAL (SELECT * FROM solder_mods found WHERE found.id = b.mod_id OFFSET 0) m
         WHERE b.build_id = $1
        """;

    private static readonly SolderError NotFound = SolderError.NotFound("Build does not exist");

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/modpack/{slug}/{version}", HandleAsync).WithName(nameof(GetBuild)).TakesSolderCredentials()
        .TakesQuery("include", "`mods` for what is known of each mod.").Produces<BuildPage>();

    private static async Task<IResult> HandleAsync(
        string slug, string version, HttpContext http, Caller caller, NpgsqlDataSource db, SolderLinks links, BundleLinks bundles, BundleWait wait, CancellationToken stop)
    {
        var found = await db.FirstAsync(FindSql, Read, stop, SolderReader.Reading(caller).Parameters(slug, version));
        if (found is null) return GetModpack.NotFound;
        var isOpen = found.IsOpen && caller.MayTouchPack(slug);
        if (found.Visibility == PackVisibility.Private && !isOpen) return GetModpack.NotFound;
        var isFull = http.Request.Query["include"] == "mods";
        if (found.Signed is { } signed)
        {
            var bundle = signed.Bundle ?? await wait.ForAsync(signed.Id, signed.TotalSizeBytes, stop);
            if (bundle is null) http.Response.Headers.CacheControl = "no-store"; // it is soon
            return TypedResults.Ok(signed.Page(Zip(found, slug, version, bundle, links, bundles), isFull ? found.Name : null));
        }

        if (found.Build is not { } build || !found.IsPublished || (found.IsBuildPrivate && !isOpen)) return NotFound;
        var mods = await db.ListAsync(ModsSql, row => ReadMod(row, links, isFull), stop, build.Id);
        return TypedResults.Ok(build with { Mods = [.. mods.OrderBy(mod => mod.Name, NaturalOrder.Instance)] });
    }

    /// <summary>The zip of a signed version: for all by the route that counts downloads; of a private pack, which that route would not give to a launcher, by its hash.</summary>
    private static BuildMod Zip(Row found, string slug, string version, BuiltBundle? bundle, SolderLinks links, BundleLinks bundles) => new(
        found.Signed!.Number, slug, version, bundle?.Md5 ?? "", bundle?.SizeBytes,
        found.Visibility == PackVisibility.Private && bundle is not null ? bundles.Of(slug, version, bundle) : links.Download(slug, version));

    private static BuildMod ReadMod(NpgsqlDataReader row, SolderLinks links, bool isFull)
    {
        var (name, version) = (row.GetString(1), row.GetString(2));
        var mod = new BuildMod(
            row.GetInt64(0), name, version, row.GetString(3), row.GetNullableValue<long>(4), links.Zip(name, version, row.GetNullable<string>(5), row.GetBoolean(6)));
        return isFull
            ? mod.Of(row.GetString(7), row.GetNullable<string>(8), row.GetNullable<string>(9), row.GetNullable<string>(10))
            : mod;
    }

    private static Row Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetBoolean(2), !row.IsDBNull(3) && row.GetBoolean(3), !row.IsDBNull(4) && row.GetBoolean(4),
        row.IsDBNull(5) ? null : new BuildPage(row.GetInt64(5), row.GetString(6), row.GetNullable<string>(7), row.GetNullableValue<long>(8), row.GetNullable<string>(9), []),
        row.IsDBNull(10) ? null : new SignedBuild(
            row.GetGuid(10), row.GetInt64(11), row.GetString(12), row.GetInt64(13), row.IsDBNull(14) ? null : new BuiltBundle(row.GetString(14), row.GetString(15), row.GetInt64(16))));

    private sealed record Row(string Visibility, string Name, bool IsOpen, bool IsPublished, bool IsBuildPrivate, BuildPage? Build, SignedBuild? Signed);

    private sealed record SignedBuild(Guid Id, long Number, string GameVersion, long TotalSizeBytes, BuiltBundle? Bundle)
    {
        public BuildPage Page(BuildMod zip, string? prettyName) => new(
            Number, GameVersion, Java: null, Memory: null, Forge: null,
            [prettyName is null ? zip : zip.Of(prettyName, author: null, description: null, link: null)]);
    }
}
