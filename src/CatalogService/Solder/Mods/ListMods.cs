using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary><c>GET /api/mod</c>: all mods by their names. The dialect does not page: beyond <c>Solder:MostListed</c> the newest are left out. 404 <c>Mod API has been disabled</c></summary>
internal static class ListMods
{
    private const string Sql = "SELECT name, pretty_name FROM solder_mods ORDER BY id LIMIT $1";

    /// <summary>The mods.</summary>
    /// <param name="Mods">Names for people, by names in addresses.</param>
    public sealed record ModList(IReadOnlyDictionary<string, string> Mods);

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/mod", HandleAsync).WithName(nameof(ListMods)).AddEndpointFilter<ModApi>().Produces<ModList>();

    private static async Task<IResult> HandleAsync(NpgsqlDataSource db, IOptions<SolderOptions> options, CancellationToken stop)
    {
        var mods = await db.ListAsync(Sql, row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), stop, options.Value.MostListed);
        return TypedResults.Ok(new ModList(mods.ToDictionary(StringComparer.Ordinal)));
    }
}
