using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>
/// <c>PUT /api/modpack/{slug}/{version}</c>: what is sent is changed; needs the flag <c>modpacks_manage</c> and access to the modpack. 404 <c>Modpack not found.</c>, <c>Build not found.</c>; 422
/// <c>Build version already exists for this modpack.</c> Of a signed version only <c>is_published</c> changes: it withdraws the version and brings it back.
/// </summary>
internal static class EditBuild
{
    private const string SetSql = $"""
        UPDATE solder_builds b SET version = $2, minecraft = $4, forge = $5, is_published = $6, is_private = $7, min_java = $8, min_memory = $9, updated_at = $10
         WHERE b.pack_id = $1 AND b.id = $3 AND (b.version = $2 OR {BuildQueries.IsFreeSql})
        RETURNING {BuildRecord.Columns}
        """;

    /// <summary>What is to change of a build.</summary>
    /// <param name="Version">Its version, unique in the modpack; 1 to 255 characters without slashes.</param>
    /// <param name="Minecraft">The version of Minecraft; 1 to 255 characters.</param>
    /// <param name="Forge">The version of Forge; null clears it.</param>
    /// <param name="IsPublished">Whether launchers see it.</param>
    /// <param name="Private">Whether only those with access to the modpack see it.</param>
    /// <param name="MinJava">The oldest version of Java; null clears it.</param>
    /// <param name="MinMemory">Least memory in MiB; null clears it.</param>
    public sealed record BuildChange(
        string? Version = null,
        string? Minecraft = null,
        string? Forge = null,
        [property: JsonPropertyName("is_published")] bool? IsPublished = null,
        bool? Private = null,
        [property: JsonPropertyName("min_java")] string? MinJava = null,
        [property: JsonPropertyName("min_memory")] long? MinMemory = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPut("/modpack/{slug}/{version}", HandleAsync).WithName(nameof(EditBuild)).Produces<BuildRecord>();

    private static async Task<IResult> HandleAsync(
        string slug, string version, SolderBody<BuildChange> body, Actor actor, BuildQueries builds, SignedBuilds signed, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var (modpack, build, _, refusal) = await builds.FindAnyAsync(slug, version, actor.Caller, stop);
        if (modpack is null || refusal is not null) return refusal!;
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        if (build is null) return await signed.EditAsync(modpack, version, form, actor, stop);
        BuildForm.Read(form, build); // notes what is wrong
        if (form.IsInvalid(out var invalid)) return invalid;
        try
        {
            var (isThere, changed) = await db.InTransactionAsync(connection => ChangeAsync(connection, modpack, build.Id, form, clock.GetUtcNow(), stop), stop);
            return changed is not null ? TypedResults.Ok(changed) : isThere ? BuildQueries.Exists() : BuildQueries.NotFound();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return BuildQueries.Exists();
        }
    }

    private static async Task<(bool IsThere, BuildRecord? Build)> ChangeAsync(
        NpgsqlConnection connection, Modpack modpack, long id, SolderForm form, DateTimeOffset now, CancellationToken stop)
    {
        if (!await ModpackQueries.LockAsync(connection, modpack.Id, stop) || await BuildQueries.FindAsync(connection, modpack, id, stop) is not { } build) return (false, null);
        var wanted = BuildForm.Read(form, build); // what another request has changed meanwhile stays as that made it
        var changed = await connection.FirstAsync(
            SetSql, row => BuildRecord.Read(row, modpack.Number), stop,
            modpack.Id, wanted.Version, id, wanted.Minecraft, wanted.Forge, wanted.IsPublished, wanted.IsPrivate, wanted.MinJava, wanted.MinMemory, now);
        if (changed is not null) await ModpackQueries.AnnounceBuildsAsync(connection, modpack, now, stop);
        return (true, changed);
    }
}
