using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>GET /api/v1/packs/{slug}/manifest</c> and <c>/manifest/{version}</c></summary>
internal static class GetManifest
{
    private const string LatestSql = $"""
        SELECT p.owner_id, p.visibility, false, {StoredManifest.Columns}
          FROM packs p JOIN pack_versions v ON v.id = p.latest_version_id WHERE p.slug = $3
        """;

    private const string PinnedSql = $"""
        SELECT p.owner_id, p.visibility, v.withdrawn_at IS NOT NULL, {StoredManifest.Columns}
          FROM packs p JOIN pack_versions v ON v.pack_id = p.id AND v.version = $4 WHERE p.slug = $3
        """;

    public static void Map(RouteGroupBuilder packs)
    {
        packs.MapRead("/{slug}/manifest", LatestAsync).WithName("GetLatestManifest");
        packs.MapRead("/{slug}/manifest/{version}", PinnedAsync).WithName(nameof(GetManifest));
    }

    private static async Task<IResult> LatestAsync(
        string slug, Caller caller, ManifestWish wish, NpgsqlDataSource db, IOptions<ManifestOptions> options, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(LatestSql, Read, stop, wish.HeadersOnly, wish.KnownHashes, slug);
        if (found is null || !PackLookup.Sees(caller, slug, found.OwnerId, found.Visibility)) return VersionErrors.NonePublished(slug);
        return ManifestAnswer.Current(response, wish, found.Manifest, options.Value.LatestMaxAge, found.IsPrivate);
    }

    private static async Task<IResult> PinnedAsync(
        string slug, string version, Caller caller, ManifestWish wish, NpgsqlDataSource db, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(PinnedSql, Read, stop, wish.HeadersOnly, wish.KnownHashes, slug, version);
        if (found is null || !PackLookup.Sees(caller, slug, found.OwnerId, found.Visibility)) return VersionErrors.NotFound(slug, version);
        return found.IsWithdrawn ? VersionErrors.Gone(slug, version) : ManifestAnswer.Immutable(response, wish, found.Manifest, found.IsPrivate);
    }

    private static Row Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), StoredManifest.Read(row, 3));

    private sealed record Row(Guid OwnerId, string Visibility, bool IsWithdrawn, StoredManifest Manifest)
    {
        public bool IsPrivate => Visibility == PackVisibility.Private;
    }
}
