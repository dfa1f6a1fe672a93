using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>GET /api/v1/packs/{slug}/manifest</c> and <c>/manifest/{version}</c></summary>
internal static class GetManifest
{
    private const string LatestSql = $"""
        SELECT false, {StoredManifest.Columns}, {PackGate.Columns}
          FROM packs p JOIN pack_versions v ON v.id = p.latest_version_id WHERE p.slug = $3
        """;

    private const string PinnedSql = $"""
        SELECT v.withdrawn_at IS NOT NULL, {StoredManifest.Columns}, {PackGate.Columns}
          FROM packs p JOIN pack_versions v ON v.pack_id = p.id AND v.version = $4 WHERE p.slug = $3
        """;

    public static void Map(RouteGroupBuilder packs)
    {
        packs.MapRead("/{slug}/manifest", LatestAsync).WithName("GetLatestManifest").Answers(200, "The manifest, byte for byte as it was published.", "application/json", "Manifest").TakesQuery("game", "Taken for the sake of newer launchers, which send it; it changes nothing.");
        packs.MapRead("/{slug}/manifest/{version}", PinnedAsync).WithName(nameof(GetManifest)).Answers(200, "The manifest, byte for byte as it was published; it never changes.", "application/json", "Manifest").TakesQuery("game", "Taken for the sake of newer launchers, which send it; it changes nothing.");
    }

    /// <summary>The signed manifest of the latest version: the last published that is not withdrawn. Errors: <c>invalid_request</c> 412 when <c>If-Match</c> names another.</summary>
    private static async Task<IResult> LatestAsync(
        string slug, Caller caller, ManifestWish wish, NpgsqlDataSource db, IOptions<ManifestOptions> options, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(LatestSql, Read, stop, wish.HeadersOnly, wish.KnownHashes, slug);
        if (found is null || !found.Gate.Admits(caller, slug)) return VersionErrors.NonePublished(slug);
        return ManifestAnswer.Current(response, wish, found.Manifest, options.Value.LatestMaxAge, found.Gate.IsPrivate);
    }

    /// <summary>The signed manifest of one version, for ever. Errors: <c>withdrawn</c> 410 once its publisher took it back, <c>invalid_request</c> 412 when <c>If-Match</c> names another.</summary>
    private static async Task<IResult> PinnedAsync(
        string slug, string version, Caller caller, ManifestWish wish, NpgsqlDataSource db, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(PinnedSql, Read, stop, wish.HeadersOnly, wish.KnownHashes, slug, version);
        if (found is null || !found.Gate.Admits(caller, slug)) return VersionErrors.NotFound(slug, version);
        return found.IsWithdrawn ? VersionErrors.Gone(slug, version) : ManifestAnswer.Immutable(response, wish, found.Manifest, found.Gate.IsPrivate);
    }

    private static Row Read(NpgsqlDataReader row) =>
        new(row.GetBoolean(0), StoredManifest.Read(row, 1), PackGate.Read(row, row.FieldCount - PackGate.Width));

    private sealed record Row(bool IsWithdrawn, StoredManifest Manifest, PackGate Gate);
}
