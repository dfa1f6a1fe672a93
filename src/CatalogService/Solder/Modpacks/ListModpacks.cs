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
/// beyond <c>Solder:MostListed</c> the newest are left out.
/// </summary>
internal static class ListModpacks
{
    private const string PublicSql = Modpack.Sql + " WHERE p.visibility = 'public' ORDER BY p.number LIMIT $6";

    private const string AllSql = Modpack.Sql + " WHERE p.visibility <> 'deleted' ORDER BY p.number LIMIT $6";

    // By the ids of what is open besides, each found by its index, so that not every pack is asked about.
    private const string GrantedSql = Modpack.Sql + """
         WHERE p.id IN (
               (SELECT l.id FROM packs l WHERE l.visibility = 'public' ORDER BY l.number LIMIT $6)
                UNION SELECT o.id FROM packs o WHERE o.owner_id = $2
                UNION SELECT t.pack_id FROM pack_members t WHERE t.account_id = $2
                UNION SELECT w.id FROM packs w WHERE w.slug = ANY ($3)
                UNION SELECT c.id FROM packs c WHERE c.number = ANY ($4))
           AND p.visibility <> 'deleted' ORDER BY p.number LIMIT $6
        """;

    /// <summary>The modpacks by their slugs.</summary>
    /// <param name="Modpacks">Display names; with <c>include=full</c> the modpacks themselves.</param>
    /// <param name="MirrorUrl">Where the zips of mods are; it ends in a slash.</param>
    public sealed record ModpackList(IReadOnlyDictionary<string, object> Modpacks, [property: JsonPropertyName("mirror_url")] string MirrorUrl);

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/modpack", HandleAsync).WithName(nameof(ListModpacks)).TakesSolderCredentials()
        .TakesQuery("include", "`full` for whole modpacks in place of their names.").Produces<ModpackList>();

    private static async Task<IResult> HandleAsync(HttpRequest request, Caller caller, NpgsqlDataSource db, SolderLinks links, IOptions<SolderOptions> options, CancellationToken stop)
    {
        var isFull = request.Query["include"] == "full";
        var reader = SolderReader.Reading(caller);
        var sql = reader.HasAll ? AllSql : reader.IsAnybody ? PublicSql : GrantedSql;
        var rows = await db.ListAsync(sql, Modpack.Read, stop, reader.Parameters(options.Value.MostListed));
        var modpacks = rows.Where(row => row.Visibility == Packs.PackVisibility.Public || (row.IsOpen && caller.MayTouchPack(row.Slug)));
        return TypedResults.Ok(new ModpackList(modpacks.ToDictionary(row => row.Slug, object (row) => isFull ? ModpackPage.Of(row, links) : row.Name, StringComparer.Ordinal), links.Mirror));
    }
}
