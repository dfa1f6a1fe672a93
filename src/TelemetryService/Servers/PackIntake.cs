using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Writes the packs of the durable projection. Packs that change at about the same time share a commit.</summary>
internal sealed class PackIntake
{
    // One statement must not change a row twice: of one pack the newest is taken.
    private const string PutSql = """
        INSERT INTO packs (slug, revision, latest_version)
        SELECT DISTINCT ON (slug) slug, revision, latest_version FROM unnest($1::text[], $2::bigint[], $3::text[]) AS changed (slug, revision, latest_version)
         ORDER BY slug, revision DESC
        ON CONFLICT (slug) DO UPDATE SET revision = excluded.revision, latest_version = excluded.latest_version, changed_at = clock_timestamp()
        WHERE packs.revision < excluded.revision OR packs.revision = 0
        """;

    private readonly NpgsqlDataSource db;

    private readonly SharedCommit<KnownPack> commits;

    public PackIntake(NpgsqlDataSource db)
    {
        this.db = db;
        commits = new(PutAsync);
    }

    /// <summary>Returns when the pack is projected, or a later state of it.</summary>
    public Task PutAsync(KnownPack pack, CancellationToken stop) => commits.WriteAsync(pack, stop);

    private Task<int> PutAsync(IReadOnlyList<KnownPack> packs, CancellationToken stop) => db.ExecuteAsync(
        PutSql, stop, packs.Select(pack => pack.Slug).ToArray(), packs.Select(pack => pack.Revision).ToArray(), packs.Select(pack => pack.LatestVersion).ToArray());
}
