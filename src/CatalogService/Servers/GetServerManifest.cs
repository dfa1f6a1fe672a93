using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>GET /api/v1/servers/{slug}/manifest</c>: the pinned version's, or that of the pack's latest.</summary>
internal static class GetServerManifest
{
    private const string Sql = $"""
        SELECT p.slug, p.owner_id, p.visibility, v.version, v.withdrawn_at IS NOT NULL, {StoredManifest.Columns}
          FROM servers s
          LEFT JOIN packs p ON p.id = s.pack_id
          LEFT JOIN pack_versions v ON v.pack_id = p.id AND CASE WHEN s.pin IS NULL THEN v.id = p.latest_version_id ELSE v.version = s.pin END
         WHERE s.slug = $3
        """;

    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}/manifest", HandleAsync).WithName(nameof(GetServerManifest));

    private static async Task<IResult> HandleAsync(
        string slug, Caller caller, ManifestWish wish, NpgsqlDataSource db, IOptions<ManifestOptions> options, HttpResponse response, CancellationToken stop)
    {
        var found = await db.FirstAsync(Sql, Read, stop, wish.HeadersOnly, wish.KnownHashes, slug);
        if (found is null) return ServerErrors.NotFound(slug);
        if (found.Attached is not { } pack || !PackLookup.Sees(caller, pack.Slug, pack.OwnerId, pack.Visibility)) return ServerErrors.NoPack(slug);
        return pack.IsWithdrawn
            ? VersionErrors.Gone(pack.Slug, pack.Version)
            : ManifestAnswer.Current(response, wish, pack.Manifest, options.Value.LatestMaxAge, pack.Visibility == PackVisibility.Private);
    }

    private static Row Read(NpgsqlDataReader row) => new(
        row.IsDBNull(3)
            ? null
            : new Attached(row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), StoredManifest.Read(row, 5)));

    private sealed record Row(Attached? Attached);

    private sealed record Attached(string Slug, Guid OwnerId, string Visibility, string Version, bool IsWithdrawn, StoredManifest Manifest);
}
