using Npgsql;
using PackRelay.Manifests.Comparing;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>
/// <c>GET /internal/packs/{slug}/versions/{version}/mods</c>: the mods of a version, for the telemetry service, which compares them with what game
/// servers say they run. A version never changes, so that it asks once. The gateway has no route to it.
/// </summary>
internal static class GetVersionMods
{
    private const string Sql = "SELECT v.manifest FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1 AND v.version = $2";

    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/internal/packs/{slug}/versions/{version}/mods", HandleAsync).WithName(nameof(GetVersionMods));

    private static async Task<IResult> HandleAsync(string slug, string version, NpgsqlDataSource db, CancellationToken stop)
    {
        var manifest = await db.FirstAsync(Sql, row => row.GetFieldValue<byte[]>(0), stop, slug, version);
        return manifest is null ? VersionErrors.NotFound(slug, version) : TypedResults.Json(ManifestMods.Read(manifest), ApiJson.Options);
    }
}
