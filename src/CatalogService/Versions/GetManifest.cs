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
    private const string LatestSql = """
        SELECT p.owner_id, p.visibility, false, v.manifest, v.manifest_sha256
          FROM packs p JOIN pack_versions v ON v.id = p.latest_version_id WHERE p.slug = $1
        """;

    private const string PinnedSql = """
        SELECT p.owner_id, p.visibility, v.withdrawn_at IS NOT NULL, v.manifest, v.manifest_sha256
          FROM packs p JOIN pack_versions v ON v.pack_id = p.id AND v.version = $2 WHERE p.slug = $1
        """;

    public static void Map(RouteGroupBuilder packs)
    {
        packs.MapRead("/{slug}/manifest", LatestAsync).WithName("GetLatestManifest");
        packs.MapRead("/{slug}/manifest/{version}", PinnedAsync).WithName(nameof(GetManifest));
    }

    private static async Task<IResult> LatestAsync(
        string slug, Caller caller, NpgsqlDataSource db, IOptions<ManifestOptions> options, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(LatestSql, Read, stop, slug);
        if (found is null || !PackLookup.Sees(caller, slug, found.OwnerId, found.Visibility)) return PackErrors.NotFound(slug);
        return ManifestAnswer.Current(response, found.Manifest, options.Value.LatestMaxAge, found.IsPrivate);
    }

    private static async Task<IResult> PinnedAsync(string slug, string version, Caller caller, NpgsqlDataSource db, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(PinnedSql, Read, stop, slug, version);
        if (found is null || !PackLookup.Sees(caller, slug, found.OwnerId, found.Visibility)) return VersionErrors.NotFound(slug, version);
        return found.IsWithdrawn ? VersionErrors.Gone(slug, version) : ManifestAnswer.Immutable(response, found.Manifest, found.IsPrivate);
    }

    private static Row Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), new StoredManifest(row.GetFieldValue<byte[]>(3), row.GetString(4)));

    private sealed record Row(Guid OwnerId, string Visibility, bool IsWithdrawn, StoredManifest Manifest)
    {
        public bool IsPrivate => Visibility == PackVisibility.Private;
    }
}
