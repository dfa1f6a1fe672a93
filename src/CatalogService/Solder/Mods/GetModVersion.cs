using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary><c>GET /api/mod/{slug}/{version}</c>: one version of a mod. 404 <c>Mod does not exist</c>, <c>Mod version does not exist</c>, <c>Mod API has been disabled</c></summary>
internal static class GetModVersion
{
    private const string Sql = """
        SELECT v.id, v.md5, v.filesize, v.url, v.sha256 IS NOT NULL, v.notes FROM solder_mods m LEFT JOIN solder_mod_versions v ON v.mod_id = m.id AND v.version = $2 WHERE m.name = $1
        """;

    private static readonly SolderError NotFound = SolderError.NotFound("Mod version does not exist");

    /// <summary>A version of a mod.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Md5">MD5 of the zip, in small letters.</param>
    /// <param name="Filesize">Size of the zip in bytes; null when it is not known.</param>
    /// <param name="Url">Where the zip is.</param>
    public sealed record ModVersionPage(long Id, string Md5, long? Filesize, string Url)
    {
        /// <summary>For those who manage mods; others do not see the member.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public ShownText? Notes { get; init; }
    }

    public static void Map(RouteGroupBuilder reads) =>
        reads.MapRead("/mod/{slug}/{version}", HandleAsync).WithName(nameof(GetModVersion)).AddEndpointFilter<ModApi>().Produces<ModVersionPage>();

    private static async Task<IResult> HandleAsync(string slug, string version, Caller caller, NpgsqlDataSource db, SolderLinks links, CancellationToken stop)
    {
        var found = await db.ListAsync(Sql, row => row.IsDBNull(0) ? null : Read(row, slug, version, caller, links), stop, slug, version);
        return found is [] ? GetMod.NotFound : found[0] is { } page ? TypedResults.Ok(page) : NotFound;
    }

    private static ModVersionPage Read(NpgsqlDataReader row, string slug, string version, Caller caller, SolderLinks links) =>
        new(row.GetInt64(0), row.GetString(1), row.GetNullableValue<long>(2), links.Zip(slug, version, row.GetNullable<string>(3), row.GetBoolean(4)))
        {
            Notes = caller.MayInSolder(SolderFlags.ModsManage) ? new ShownText(row.GetNullable<string>(5)) : null,
        };
}
