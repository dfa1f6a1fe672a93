using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>GET /api/v1/servers/{slug}/manifest</c>: the pinned version's, or that of the pack's latest. Errors: <c>no_pack_attached</c> 404, <c>withdrawn</c> 410 when the pinned version was taken back,
/// <c>invalid_request</c> 412 when <c>If-Match</c> names another.</summary>
internal static class GetServerManifest
{
    private const string Sql = $"""
        SELECT p.slug, v.version, v.withdrawn_at IS NOT NULL, {StoredManifest.Columns}, {PackGate.Columns}
          FROM servers s
          LEFT JOIN packs p ON p.id = s.pack_id
          LEFT JOIN pack_versions v ON v.pack_id = p.id AND CASE WHEN s.pin IS NULL THEN v.id = p.latest_version_id ELSE v.version = s.pin END
         WHERE s.slug = $3
        """;

    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}/manifest", HandleAsync).WithName(nameof(GetServerManifest)).Answers(200, "The manifest that the server's players install, byte for byte as it was published.", "application/json", "Manifest").TakesQuery("game", "Taken for the sake of newer launchers, which send it; it changes nothing.");

    private static async Task<IResult> HandleAsync(
        string slug, Caller caller, ManifestWish wish, NpgsqlDataSource db, IOptions<ManifestOptions> options, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(Sql, Read, stop, wish.HeadersOnly, wish.KnownHashes, slug);
        if (found is null) return ServerErrors.NotFound(slug);
        if (found.Attached is not { } pack || !pack.Gate.Admits(caller, pack.Slug)) return ServerErrors.NoPack(slug);
        return pack.IsWithdrawn
            ? VersionErrors.Gone(pack.Slug, pack.Version)
            : ManifestAnswer.Current(response, wish, pack.Manifest, options.Value.LatestMaxAge, pack.Gate.IsPrivate);
    }

    private static Row Read(NpgsqlDataReader row) => new(
        row.IsDBNull(1)
            ? null
            : new Attached(row.GetString(0), row.GetString(1), row.GetBoolean(2), StoredManifest.Read(row, 3), PackGate.Read(row, row.FieldCount - PackGate.Width)));

    private sealed record Row(Attached? Attached);

    private sealed record Attached(string Slug, string Version, bool IsWithdrawn, StoredManifest Manifest, PackGate Gate);
}
