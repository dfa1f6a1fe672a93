using Npgsql;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>Names and slugs of modpacks: each is one modpack's only.</summary>
internal sealed class ModpackNames(NpgsqlDataSource db)
{
    // A deleted pack keeps its slug for its owner alone, and its name for nobody.
    private const string TakenSql = """
        SELECT EXISTS (SELECT FROM packs WHERE name = $1 AND visibility <> 'deleted' AND id <> $3),
               EXISTS (SELECT FROM packs WHERE slug = $2 AND (visibility <> 'deleted' OR owner_id <> $4) AND id <> $3)
        """;

    private const string LockSql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    private const string NameTakenSql = "SELECT EXISTS (SELECT FROM packs WHERE name = $1 AND visibility <> 'deleted' AND id <> $2)";

    /// <summary>The name in a form, which is to be one line of at most 200 characters.</summary>
    public static string? Name(SolderForm form) => form.Line("name", required: true, Fields.MaxNameLength);

    /// <summary>Notes in the form what is taken.</summary>
    /// <param name="form">The form.</param>
    /// <param name="name">The name that is wanted; null to leave it.</param>
    /// <param name="slug">The slug that is wanted; null to leave it.</param>
    /// <param name="packId">Whose own ones do not count; empty for a new modpack.</param>
    /// <param name="ownerId">Whose deleted packs do not count.</param>
    /// <param name="stop">Gives up.</param>
    public async Task CheckAsync(SolderForm form, string? name, string? slug, Guid packId, Guid ownerId, CancellationToken stop)
    {
        var (isNameTaken, isSlugTaken) = await db.FirstAsync(TakenSql, row => (row.GetBoolean(0), row.GetBoolean(1)), stop, name ?? "", slug ?? "", packId, ownerId);
        if (isNameTaken) form.Taken("name");
        if (isSlugTaken) form.Taken("slug");
    }

    /// <summary>Whether a name is free, asked again where nobody else of the dialect can take it until the transaction ends.</summary>
    public static async Task<bool> TakeAsync(NpgsqlConnection connection, string name, Guid packId, CancellationToken stop)
    {
        await connection.ExecuteAsync(LockSql, stop, "solder name " + name);
        return !await connection.ScalarAsync<bool>(NameTakenSql, stop, name, packId);
    }
}
