using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>POST /api/modpack/{slug}/build</c>: a new build, empty or with the mods of another; needs the flag <c>modpacks_manage</c> and access to the modpack. 404 <c>Modpack not found.</c>,
/// <c>Clone source build not found.</c>; 403 for mods of a modpack without access; 422 <c>Build version already exists for this modpack.</c> Nothing is made when it fails.
/// </summary>
internal static class CreateBuild
{
    private const string ExistsSql = """
        SELECT EXISTS (SELECT FROM packs WHERE slug = $1 AND visibility <> 'deleted')
        """;

    // The modpack is locked: nobody else gives it a version meanwhile.
    private const string InsertSql = $"""
        INSERT INTO solder_builds AS b (pack_id, version, minecraft, forge, is_published, is_private, min_java, min_memory, created_at, updated_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $9
         WHERE {BuildQueries.IsFreeSql}
        ON CONFLICT DO NOTHING
        RETURNING {BuildRecord.Columns}
        """;

    // Waits for changes of the other build's mods, and for its deletion.
    private const string HoldSourceSql = "SELECT true FROM solder_builds WHERE id = $1 FOR KEY SHARE";

    // Mods that are being deleted are waited for, and left out. Each mod before its version, in the order of their deletion.
    private const string CopySql = """
        INSERT INTO solder_build_mods (build_id, mod_id, mod_version_id)
        SELECT $1, m.mod_id, m.mod_version_id
          FROM solder_build_mods m JOIN solder_mods k ON k.id = m.mod_id JOIN solder_mod_versions v ON v.id = m.mod_version_id
         WHERE m.build_id = $2 ORDER BY m.mod_id
           FOR KEY SHARE OF k, v
        """;

    /// <summary>A new build.</summary>
    /// <param name="Version">Its version, unique in the modpack; 1 to 255 characters without slashes.</param>
    /// <param name="Minecraft">The version of Minecraft; 1 to 255 characters.</param>
    /// <param name="Forge">The version of Forge.</param>
    /// <param name="IsPublished">Whether launchers see it; false without it.</param>
    /// <param name="Private">Whether only those with access to the modpack see it; false without it.</param>
    /// <param name="MinJava">The oldest version of Java.</param>
    /// <param name="MinMemory">Least memory in MiB; 0 to 1,048,576.</param>
    /// <param name="CloneFrom">A build whose mods it gets.</param>
    /// <param name="CloneFromModpack">The slug of the modpack that has that build; this one without it.</param>
    public sealed record BuildRequest(
        string Version,
        string Minecraft,
        string? Forge = null,
        [property: JsonPropertyName("is_published")] bool? IsPublished = null,
        bool? Private = null,
        [property: JsonPropertyName("min_java")] string? MinJava = null,
        [property: JsonPropertyName("min_memory")] long? MinMemory = null,
        [property: JsonPropertyName("clone_from")] string? CloneFrom = null,
        [property: JsonPropertyName("clone_from_modpack")] string? CloneFromModpack = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/modpack/{slug}/build", HandleAsync).WithName(nameof(CreateBuild)).Produces<BuildRecord>(StatusCodes.Status201Created);

    private static async Task<IResult> HandleAsync(
        string slug, SolderBody<BuildRequest> body, Caller caller, ModpackQueries modpacks, BuildQueries builds, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (modpack is null) return refusal!;
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var wanted = BuildForm.Read(form);
        var (from, fromModpack) = (form.OnlyText("clone_from"), form.OnlyText("clone_from_modpack"));
        if (fromModpack is not null && !await db.ScalarAsync<bool>(ExistsSql, stop, fromModpack)) form.Unknown("clone_from_modpack");
        if (form.IsInvalid(out var invalid)) return invalid;
        if (await builds.FindAsync(modpack, wanted.Version, stop) is not null) return BuildQueries.Exists();
        BuildRecord? source = null;
        if (from is not null)
        {
            (source, refusal) = await FindSourceAsync(modpack, from, fromModpack, caller, modpacks, builds, stop);
            if (source is null) return refusal!;
        }

        (var build, refusal) = await db.InTransactionAsync(connection => AddAsync(connection, modpack, wanted, source?.Id, clock.GetUtcNow(), stop), stop);
        return build is not null ? TypedResults.Created((string?)null, build) : refusal!;
    }

    private static async Task<(BuildRecord? Source, SolderError? Refusal)> FindSourceAsync(
        Modpack modpack, string from, string? fromModpack, Caller caller, ModpackQueries modpacks, BuildQueries builds, CancellationToken stop)
    {
        var (holder, _) = fromModpack is null ? (modpack, null) : await modpacks.FindAsync(fromModpack, caller, SolderFlags.ModpacksManage, stop);
        if (holder is null) return (null, SolderError.Forbidden("You do not have permission to clone from that modpack."));
        return await builds.FindAsync(holder, from, stop) is { } source ? (source, null) : (null, SourceNotFound());
    }

    private static SolderError SourceNotFound() => SolderError.NotFound("Clone source build not found.");

    private static async Task<(BuildRecord? Build, SolderError? Refusal)> AddAsync(
        NpgsqlConnection connection, Modpack modpack, BuildForm wanted, long? source, DateTimeOffset now, CancellationToken stop)
    {
        if (!await ModpackQueries.LockAsync(connection, modpack.Id, stop)) return (null, SolderError.NotFound("Modpack not found."));
        if (source is not null && !await connection.ScalarAsync<bool>(HoldSourceSql, stop, source)) return (null, SourceNotFound()); // deleted meanwhile
        var build = await connection.FirstAsync(
            InsertSql, row => BuildRecord.Read(row, modpack.Number), stop,
            modpack.Id, wanted.Version, wanted.Minecraft, wanted.Forge, wanted.IsPublished, wanted.IsPrivate, wanted.MinJava, wanted.MinMemory, now);
        if (build is null) return (null, BuildQueries.Exists());
        if (source is not null) await connection.ExecuteAsync(CopySql, stop, build.Id, source);
        await ModpackQueries.AnnounceBuildsAsync(connection, modpack, now, stop);
        return (build, null);
    }
}
