using Npgsql;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>Notes which static files have to be written anew, in the transaction that made them untrue.</summary>
internal static class StaticDue
{
    /// <summary>The files of a package; the key is its id.</summary>
    public const string Package = "package";

    /// <summary>The translations of a package; the key is its id.</summary>
    public const string Translations = "translations";

    /// <summary>The packages of a prefix; the key is the prefix.</summary>
    public const string Search = "search";

    /// <summary>The reports of packages by the first byte of their hash; the key is that byte, two hex digits. Noted by <see cref="Compatibility.ReportQueries"/>.</summary>
    public const string Reports = "reports";

    private const string AddSql = """
        INSERT INTO reloaded_static_due AS d (kind, key, due_at) SELECT DISTINCT ON (kind, key) kind, key, due_at FROM unnest($1, $2, $3) AS due (kind, key, due_at) ORDER BY kind, key
        ON CONFLICT (kind, key) DO UPDATE SET revision = d.revision + 1
        """;

    /// <summary>Least time between two writings of a prefix: its file is big, and many packages share it.</summary>
    public static TimeSpan SearchPause { get; } = TimeSpan.FromMinutes(1);

    // Files that come out the same are not written.
    private const string AllReportsSql = """
        INSERT INTO reloaded_static_due AS d (kind, key, due_at) SELECT 'reports', lpad(to_hex(n), 2, '0'), $1::timestamptz FROM generate_series(0, 255) n
        ON CONFLICT (kind, key) DO UPDATE SET revision = d.revision + 1
        """;

    /// <summary>After a game changed: all files of reports name games and their versions.</summary>
    public static Task GameChangedAsync(NpgsqlConnection connection, DateTimeOffset dueAt, CancellationToken stop) => connection.ExecuteAsync(AllReportsSql, stop, dueAt);

    /// <summary>After a package changed. What it translates, and what it translated before, may be null.</summary>
    public static Task PackageChangedAsync(NpgsqlConnection connection, string packageId, IEnumerable<string?> translated, DateTimeOffset now, CancellationToken stop)
    {
        List<(string Kind, string Key, DateTimeOffset At)> due = [(Package, packageId, now), (Search, PackageId.Prefix(packageId), now + SearchPause)];
        due.AddRange(translated.OfType<string>().Select(of => (Translations, of, now)));
        return connection.ExecuteAsync(
            AddSql, stop, due.Select(one => one.Kind).ToArray(), due.Select(one => one.Key).ToArray(), due.Select(one => one.At).ToArray());
    }
}
