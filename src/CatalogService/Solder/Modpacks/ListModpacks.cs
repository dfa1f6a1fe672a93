using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>
/// <c>GET /api/modpack</c>: the modpacks that everybody may see, and those besides that a key, a client or an account opens, in the order in which they came. The dialect does not page:
/// beyond <c>Solder:MostListed</c> the newest are left out, but not those that are opened for the reader's sake.
/// </summary>
internal static class ListModpacks
{
    // Names need no look at builds and pictures. Of public packs nothing else is asked.
    private const string NamesSql = $"SELECT p.slug, p.name, p.visibility = 'public', p.visibility = 'public' OR {SolderReader.IsOpenSql} FROM packs p";

    private const string PublicSql = " WHERE p.visibility = 'public' ORDER BY p.number LIMIT $6";

    // What is open besides comes on top of the oldest ones. Each pack is found by an index, so that not every one is asked about.
    private const string GrantedSql = """
                UNION SELECT o.id FROM packs o WHERE o.owner_id = $2
                UNION SELECT t.pack_id FROM pack_members t WHERE t.account_id = $2
                UNION SELECT w.id FROM packs w WHERE w.slug = ANY ($3)
                UNION SELECT c.id FROM packs c WHERE c.number = ANY ($4))
           AND p.visibility <> 'deleted' ORDER BY p.number
        """;

    private const string PublicAndGrantedSql = $"""
         WHERE p.id IN (
               (SELECT l.id FROM packs l WHERE l.visibility = 'public' ORDER BY l.number LIMIT $6)
        {GrantedSql}
        """;

    private const string AllSql = $"""
         WHERE p.id IN (
               (SELECT l.id FROM packs l WHERE l.visibility <> 'deleted' ORDER BY l.number LIMIT $6)
        {GrantedSql}
        """;

    /// <summary>The modpacks by their slugs.</summary>
    /// <param name="Modpacks">Display names; with <c>include=full</c> the modpacks themselves.</param>
    /// <param name="MirrorUrl">Where the zips of mods are; it ends in a slash.</param>
    public sealed record ModpackList(IReadOnlyDictionary<string, object> Modpacks, [property: JsonPropertyName("mirror_url")] string MirrorUrl);

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/modpack", HandleAsync).WithName(nameof(ListModpacks)).TakesSolderCredentials()
        .TakesQuery("include", "`full` for whole modpacks in place of their names.").Produces<ModpackList>();

    private static async Task<IResult> HandleAsync(HttpRequest request, Caller caller, NpgsqlDataSource db, SolderLinks links, IOptions<SolderOptions> options, CancellationToken stop)
    {
        var reader = SolderReader.Reading(caller);
        var which = reader.HasAll ? AllSql : reader.IsAnybody ? PublicSql : PublicAndGrantedSql;
        var parameters = reader.Parameters(options.Value.MostListed);
        var modpacks = request.Query["include"] == "full"
            ? (await db.ListAsync(Modpack.Sql + which, Modpack.Read, stop, parameters))
                .Select(row => new Entry(row.Slug, ModpackPage.Of(row, links), row.Visibility == Packs.PackVisibility.Public, row.IsOpen)).ToList()
            : await db.ListAsync(NamesSql + which, row => new Entry(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3)), stop, parameters);
        return TypedResults.Ok(new ModpackList(
            modpacks.Where(modpack => modpack.IsPublic || (modpack.IsOpen && caller.MayTouchPack(modpack.Slug))).ToDictionary(modpack => modpack.Slug, modpack => modpack.Shown, StringComparer.Ordinal),
            links.Mirror));
    }

    private sealed record Entry(string Slug, object Shown, bool IsPublic, bool IsOpen);
}
