using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>Reads all that is known of one version.</summary>
internal sealed class VersionPages(NpgsqlDataSource db, IOptions<HubOptions> hub)
{
    private const string Sql = """
        SELECT v.version, v.published_at, v.file_count, v.total_size_bytes, v.changelog, v.withdraw_reason, v.withdrawn_at, v.key_id, v.manifest_sha256,
               b.sha256, b.md5, b.size_bytes
          FROM pack_versions v LEFT JOIN bundles b ON b.version_id = v.id WHERE v.pack_id = $1 AND v.version = $2
        """;

    public Task<GetVersion.Response?> FindAsync(PackFacts pack, string version, CancellationToken stop) => db.FirstAsync(Sql, row => Read(row, pack.Slug), stop, pack.Id, version);

    private GetVersion.Response Read(NpgsqlDataReader row, string slug)
    {
        var version = row.GetString(0);
        var bundle = row.IsDBNull(9)
            ? null
            : new GetVersion.Bundle(row.GetString(9), row.GetString(10), row.GetInt64(11), hub.Value.Link($"/api/v1/packs/{slug}/download?version={version}"));
        return new GetVersion.Response(
            version, row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetNullable<string>(4), ListVersions.Withdrawal.Read(row, 5), "published", Reason: null,
            row.GetString(7), hub.Value.Link($"/api/v1/packs/{slug}/manifest/{version}"), row.GetString(8), bundle);
    }
}
