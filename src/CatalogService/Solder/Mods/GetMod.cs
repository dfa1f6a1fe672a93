using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary><c>GET /api/mod/{slug}</c>: one mod with its versions. 404 <c>Mod does not exist</c>, <c>Mod API has been disabled</c></summary>
internal static class GetMod
{
    public static readonly SolderError NotFound = SolderError.NotFound("Mod does not exist");

    private const string Sql = """
        SELECT id, name, pretty_name, author, description, link, notes, ARRAY(SELECT v.version FROM solder_mod_versions v WHERE v.mod_id = m.id ORDER BY v.id) FROM solder_mods m WHERE name = $1
        """;

    /// <summary>A mod.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Name">Its name in addresses.</param>
    /// <param name="PrettyName">Its name for people.</param>
    /// <param name="Author">Who made it.</param>
    /// <param name="Description">What it does.</param>
    /// <param name="Link">Its website.</param>
    /// <param name="Versions">Its versions, in the order in which they came.</param>
    public sealed record ModPage(
        long Id,
        string Name,
        [property: JsonPropertyName("pretty_name")] string PrettyName,
        string? Author,
        string? Description,
        string? Link,
        IReadOnlyList<string> Versions)
    {
        /// <summary>For those who manage mods; others do not see the member.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public ShownText? Notes { get; init; }
    }

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/mod/{slug}", HandleAsync).WithName(nameof(GetMod)).AddEndpointFilter<ModApi>().Produces<ModPage>();

    private static async Task<IResult> HandleAsync(string slug, Caller caller, NpgsqlDataSource db, CancellationToken stop) =>
        await db.FirstAsync(Sql, row => Read(row, caller), stop, slug) is { } mod ? TypedResults.Ok(mod) : NotFound;

    private static ModPage Read(NpgsqlDataReader row, Caller caller) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetNullable<string>(3), row.GetNullable<string>(4), row.GetNullable<string>(5), row.GetFieldValue<string[]>(7))
    {
        Notes = caller.MayInSolder(SolderFlags.ModsManage) ? new ShownText(row.GetNullable<string>(6)) : null,
    };
}
