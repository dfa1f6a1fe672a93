using Npgsql;
using PackRelay.CatalogService.Reloaded.Games;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>Checks and records any number of reports in one statement, all of them or none, and keeps the sums.</summary>
internal sealed class ReportQueries(NpgsqlDataSource db)
{
    // Rows are written in the order of their keys, so that two batches never wait for each other in a ring. A report that replaces one of the same day is told from a new one by xmax, which only a row that
    // replaced another has. The last row says how many reports there were; those before it, at most one, say which is unknown.
    internal const string AddSql = """
        WITH wanted AS (
            SELECT w.place, w.success, g.id AS game_id, gv.version_id AS game_version_id, p.id AS package_id, v.id AS version_id
              FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[]) WITH ORDINALITY AS w (package_id, version, game_id, game_version_id, success, place)
              LEFT JOIN LATERAL (SELECT id FROM reloaded_games found WHERE found.id = w.game_id OFFSET 0) g ON true
              LEFT JOIN LATERAL (SELECT version_id FROM reloaded_game_versions found WHERE found.game_id = g.id AND found.version_id = w.game_version_id OFFSET 0) gv ON true
              LEFT JOIN LATERAL (SELECT position, id FROM reloaded_packages found WHERE found.id = w.package_id OFFSET 0) p ON true
              LEFT JOIN LATERAL (SELECT id FROM reloaded_versions one WHERE one.package = p.position AND one.version = w.version AND one.held_since IS NULL OFFSET 0) v ON true),
        unknown AS (
            SELECT place, game_id IS NOT NULL AS has_game, game_version_id IS NOT NULL AS has_game_version, package_id IS NOT NULL AND EXISTS (
                       SELECT FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = package_id AND v.held_since IS NULL) AS has_package
              FROM wanted WHERE game_version_id IS NULL OR version_id IS NULL ORDER BY place LIMIT 1),
        good AS (
            SELECT DISTINCT ON (version_id, game_id, game_version_id) version_id, game_id, game_version_id, success
              FROM wanted WHERE NOT EXISTS (SELECT FROM unknown) ORDER BY version_id, game_id, game_version_id, place DESC),
        recorded AS (
            INSERT INTO reloaded_reports AS r (day, reporter, version_id, game_id, game_version_id, success)
            SELECT $6, $7, version_id, game_id, game_version_id, success FROM good ORDER BY version_id, game_id, game_version_id
            ON CONFLICT (day, reporter, version_id, game_id, game_version_id) DO UPDATE SET success = EXCLUDED.success WHERE r.success <> EXCLUDED.success
            RETURNING version_id, game_id, game_version_id, success, (xmax::text <> '0') AS replaces),
        counted AS (
            INSERT INTO reloaded_compatibility AS c (version_id, game_id, game_version_id, success_count, failure_count)
            SELECT version_id, game_id, game_version_id, CASE WHEN success THEN 1 WHEN replaces THEN -1 ELSE 0 END, CASE WHEN NOT success THEN 1 WHEN replaces THEN -1 ELSE 0 END
              FROM recorded ORDER BY version_id, game_id, game_version_id
            ON CONFLICT (version_id, game_id, game_version_id) DO UPDATE
               SET success_count = c.success_count + EXCLUDED.success_count, failure_count = c.failure_count + EXCLUDED.failure_count
            RETURNING version_id),
        due AS (
            INSERT INTO reloaded_static_due AS d (kind, key, due_at)
            SELECT DISTINCT 'reports', lpad(to_hex((p.id_hash >> 56) & 255), 2, '0') AS first_byte, $8::timestamptz
              FROM (SELECT DISTINCT version_id FROM counted) c
             CROSS JOIN LATERAL (SELECT package FROM reloaded_versions one WHERE one.id = c.version_id OFFSET 0) v
             CROSS JOIN LATERAL (SELECT id_hash FROM reloaded_packages one WHERE one.position = v.package OFFSET 0) p
             ORDER BY first_byte
            ON CONFLICT (kind, key) DO UPDATE SET revision = d.revision + 1)
        SELECT place, has_game, has_game_version, has_package FROM unknown
         UNION ALL
        SELECT count(*), true, true, true FROM good
        """;

    /// <summary>An item that names something unknown.</summary>
    /// <param name="Index">Which one, from 0.</param>
    /// <param name="Error">What is unknown.</param>
    public sealed record Unknown(int Index, ReloadedError Error);

    /// <summary>How many reports there are now; or the first item of which something is unknown, and then none.</summary>
    public async Task<(int Recorded, Unknown? Unknown)> AddAsync(IReadOnlyList<CompatibilityReport> reports, Reporter reporter, CancellationToken stop)
    {
        var rows = await db.ListAsync(
            AddSql, row => (Number: row.GetInt64(0), HasGame: row.GetBoolean(1), HasGameVersion: row.GetBoolean(2), HasPackage: row.GetBoolean(3)), stop,
            reports.Select(report => report.PackageId).ToArray(), reports.Select(report => report.PackageVersion).ToArray(), reports.Select(report => GameKey.Of(report.GameId)).ToArray(),
            reports.Select(report => (long)report.GameVersionId).ToArray(), reports.Select(report => report.Success).ToArray(), reporter.Day, reporter.Hash, reporter.StaticDueAt);
        if (rows.Count == 1) return ((int)rows[0].Number, null);
        var (place, hasGame, hasGameVersion, hasPackage) = rows[0];
        return (0, new Unknown((int)place - 1, UnknownName.First(hasGame, hasGameVersion, hasPackage, hasPackageVersion: false)!));
    }
}
