using Npgsql;
using PackRelay.CatalogService.Reloaded.StaticFiles;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Keeps with a package what its latest version says, so that no request has to look through its versions.</summary>
internal static class PackageLatest
{
    private const string VersionsSql = "SELECT id, version FROM reloaded_versions WHERE package = $1 AND held_since IS NULL AND NOT is_deleted";

    private const string UpdateSql = """
        WITH before AS (SELECT position, id, translation_of FROM reloaded_packages WHERE position = $1),
        shown AS (SELECT name, summary, translation_of, language_code, friendly_name FROM reloaded_versions WHERE id = $4),
        after AS (
            UPDATE reloaded_packages p SET latest_release = $2, latest_any = $3, name = s.name, summary = s.summary, translation_of = s.translation_of, language_code = s.language_code, friendly_name = s.friendly_name
              FROM before b LEFT JOIN shown s ON true WHERE p.position = b.position RETURNING p.translation_of)
        SELECT b.id, b.translation_of, a.translation_of FROM before b, after a
        """;

    /// <summary>After a version came or changed, in the same transaction; the package must be locked.</summary>
    public static async Task RefreshAsync(NpgsqlConnection connection, long package, DateTimeOffset now, CancellationToken stop)
    {
        Candidate? release = null, any = null;
        foreach (var candidate in await connection.ListAsync(VersionsSql, row => new Candidate(row.GetInt64(0), row.GetString(1)), stop, package))
        {
            if (candidate.IsAbove(any)) any = candidate;
            if (!candidate.IsPreRelease && candidate.IsAbove(release)) release = candidate;
        }

        var shown = release ?? any;
        var (id, before, after) = await connection.FirstAsync(
            UpdateSql, row => (row.GetString(0), row.GetNullable<string>(1), row.GetNullable<string>(2)), stop, package, release?.Version, any?.Version, shown?.Id ?? 0L);
        await StaticDue.PackageChangedAsync(connection, id, [before, after], now, stop);
    }

    private sealed class Candidate(long id, string version)
    {
        private readonly PackageVersion? parsed = PackageVersion.TryParse(version, out var read) ? read : null; // what is stored can be parsed

        public long Id => id;

        public string Version => version;

        public bool IsPreRelease => parsed is { IsPreRelease: true };

        public bool IsAbove(Candidate? other) => other is null || PackageVersion.ComparePrecedence(parsed!, other.parsed!) > 0;
    }
}
